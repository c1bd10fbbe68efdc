import { z } from 'zod'
import { PreferenceLayer, type HouseRules } from './house-rules.ts'
import {
  PREFERENCE_NAMES,
  PREFERENCES,
  definitionOf,
  type PreferenceName,
  type Preferences,
} from './preferences.ts'
import { PreferenceHolder } from './preference-holders.ts'

/** Who decides on a preference, the first one that says something first. */
export const LAYERS = ['request', 'person', 'channel', 'workspace', 'installation'] as const
export type Layer = (typeof LAYERS)[number]

type Decided = {
  [Name in PreferenceName]?: { readonly value: NonNullable<Preferences[Name]>; readonly from: Layer }
}

/** A preference that cannot be followed, and what became of it in a sentence. */
export const IgnoredPreference = z.object({
  name: z.enum(PREFERENCE_NAMES),
  from: PreferenceLayer,
  why: z.string(),
})
export type IgnoredPreference = z.infer<typeof IgnoredPreference>

/** What an installation can do, as far as preferences depend on it. */
export type Possible = {
  /** The models that it allows and that are served. */
  readonly models: readonly string[]
}

/**
 * Decides every preference: option of the request > person > channel > server or workspace > installation. Of limits the
 * lowest counts. What is not possible any more is ignored, and named where it would have decided. Pure.
 */
export function resolvePreferences(
  layers: { readonly [L in Layer]?: Preferences },
  possible: Possible,
): { readonly decided: Decided; readonly ignored: IgnoredPreference[] } {
  const ignored: IgnoredPreference[] = []
  const decided: Record<string, { value: string | number; from: Layer }> = {}
  for (const name of PREFERENCE_NAMES) {
    const said = LAYERS.flatMap((from) => {
      const value = layers[from]?.[name]
      return value === undefined ? [] : [{ from, value }]
    })
    const usable: { from: Layer; value: string | number }[] = []
    for (const { from, value } of said) {
      const why = whyImpossible(name, value, possible)
      if (why === null) usable.push({ from, value })
      else if (usable.length === 0 && isPreference(from)) ignored.push({ name, from, why })
    }
    const [nearest] = definitionOf(name).isLimit
      ? usable.toSorted((a, b) => Number(a.value) - Number(b.value))
      : usable
    if (nearest !== undefined) decided[name] = nearest
  }
  return { decided: decided as Decided, ignored }
}

function whyImpossible(name: PreferenceName, value: string | number, { models }: Possible): string | null {
  if (PREFERENCES[name].input.kind !== 'model' || models.includes(String(value))) return null
  return `The model ${value} can’t be used any more.`
}

const isPreference = (layer: Layer): layer is PreferenceLayer => PreferenceLayer.safeParse(layer).success

type Applied = {
  [Name in PreferenceName]: z.ZodOptional<
    z.ZodObject<{ value: (typeof PREFERENCES)[Name]['value']; from: typeof PreferenceLayer }>
  >
}

/** The preferences that a job was requested under, kept with its record: later changes do not reach it. */
export const JobPreferences = z.object({
  /** Without what the request said itself. */
  applied: z.object(
    Object.fromEntries(
      PREFERENCE_NAMES.map((name) => [
        name,
        z.object({ value: definitionOf(name).value, from: PreferenceLayer }).optional(),
      ]),
    ) as unknown as Applied,
  ),
  ignored: z.array(IgnoredPreference),
  /** What each place may spend in a month. */
  monthLimits: z.array(z.object({ holder: PreferenceHolder, usd: z.number().positive() })),
})
export type JobPreferences = z.infer<typeof JobPreferences>

/** What a job keeps of a decision; undefined when no preference had a part in it. */
export function toJobPreferences(
  layers: { readonly [L in Layer]?: Preferences },
  possible: Possible,
  holders: { readonly channel: string | null; readonly workspace: string | null },
): JobPreferences | undefined {
  const { decided, ignored } = resolvePreferences(layers, possible)
  const applied = Object.fromEntries(
    Object.entries(decided).filter(([, { from }]) => isPreference(from)),
  ) as JobPreferences['applied']
  const monthLimits = (['channel', 'workspace'] as const).flatMap((kind) => {
    const [holder, usd] = [holders[kind], layers[kind]?.monthCostUsd]
    return holder === null || usd === undefined ? [] : [{ holder, usd }]
  })
  if (Object.keys(applied).length === 0 && ignored.length === 0 && monthLimits.length === 0) return undefined
  return { applied, ignored, monthLimits }
}

/** The house rules that a job was requested under; null without any. */
export function houseRulesOf(preferences: JobPreferences | undefined): HouseRules | null {
  const rules = preferences?.applied.houseRules
  return rules === undefined ? null : { words: rules.value, from: rules.from }
}
