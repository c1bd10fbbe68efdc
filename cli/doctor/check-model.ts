import { priceOf } from '#lib/model-prices'
import { makeClient } from '../../generator/llm/client.ts'
import type { ModelConfig } from '../../generator/llm/config.ts'
import { listModels } from '../../generator/llm/list-models.ts'
import { modelStatus, type Listing } from '../../generator/llm/model-status.ts'
import type { Finding } from './findings.ts'

const NAME = 'OpenAI'
const LIST_WITHIN_MS = 5_000

/** Checks that the model is available, using the service's model list if it responds within five seconds. */
export async function checkModel(
  config: ModelConfig | null,
  { now, signal }: { readonly now: Date; readonly signal: AbortSignal },
): Promise<Finding> {
  if (config === null) return modelFinding(null, null, now)
  const within = AbortSignal.any([signal, AbortSignal.timeout(LIST_WITHIN_MS)])
  const listing = await listModels(makeClient(config), within).catch(() => null)
  return modelFinding(config, listing, now)
}

/** `listing` is null when the service did not list its models. Never prints keys or URLs. */
export function modelFinding(config: ModelConfig | null, listing: Listing | null, now: Date): Finding {
  if (config === null)
    return {
      name: NAME,
      state: 'off',
      detail: 'OPENAI_API_KEY is not set: the offline designer is used',
      advice: 'Set OPENAI_API_KEY to use a model.',
    }
  const { model, isModelSet, atOpenAi, apiKey, prices } = config
  const status = modelStatus({ model, isSet: isModelSet, atOpenAi, listing, now })
  const key = apiKey === null ? 'OPENAI_BASE_URL is set without a key' : 'OPENAI_API_KEY is set'
  const price = priceOf(status.model, prices) === null ? '; price unknown' : ''
  const asked = listing === null ? '; the service did not list its models' : ''
  const detail = `${key}; model ${status.model}${price}${asked}`
  switch (status.kind) {
    case 'served':
      return { name: NAME, state: 'ok', detail }
    case 'ending':
    case 'replaced':
      return { name: NAME, state: 'weak', detail, advice: status.message }
    case 'gone':
      return { name: NAME, state: 'broken', detail: status.message, advice: status.hint }
  }
}
