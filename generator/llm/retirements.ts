import { familyOf } from '#lib/model-prices'

export type Retirement = {
  /** YYYY-MM-DD; the model is unavailable from 00:00 UTC on that day. */
  readonly endsOn: string
  /** The recommended replacement; null when unknown. */
  readonly replacement: string | null
}
export type Retirements = Readonly<Record<string, Retirement>>

/**
 * Announced retirements at OpenAI, used when its model list gives no date.
 * Source: https://developers.openai.com/api/docs/deprecations, read on 2026-11-28. Other hosts have different dates.
 */
export const openAiRetirements: Retirements = {
  'gpt-4.1-nano': { endsOn: '2026-10-23', replacement: 'gpt-5.6-luna' },
  'gpt-5': { endsOn: '2026-12-11', replacement: 'gpt-6.1-sol' },
  'gpt-5-mini': { endsOn: '2026-12-11', replacement: 'gpt-6.1-terra' },
  'gpt-5-nano': { endsOn: '2026-12-11', replacement: 'gpt-6-luna' },
  'gpt-4o': { endsOn: '2027-01-14', replacement: 'gpt-6-luna' },
  'gpt-4o-mini': { endsOn: '2027-01-14', replacement: 'gpt-6-luna' },
  'gpt-4.1': { endsOn: '2027-01-14', replacement: 'gpt-6-luna' },
  'gpt-4.1-mini': { endsOn: '2027-01-14', replacement: 'gpt-6-luna' },
}

/** The entry of a model or of its snapshot's family, or null. */
export function retirementOf(model: string, table: Retirements): Retirement | null {
  for (const name of [model, familyOf(model)]) if (Object.hasOwn(table, name)) return table[name] ?? null
  return null
}
