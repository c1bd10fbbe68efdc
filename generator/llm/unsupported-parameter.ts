import type { UnsupportedParameter } from './model-error.ts'

/** Parameter names that a server may reject, in either API. */
const NAMES: readonly (readonly [UnsupportedParameter, RegExp])[] = [
  ['format', /response_format|json_schema|json_object|text\.format/],
  ['effort', /reasoning_effort|reasoning\.effort|\breasoning\b/],
  ['limit', /max_completion_tokens|max_output_tokens|\bmax_tokens\b/],
  ['cacheKey', /prompt_cache_key/],
  ['usage', /stream_options|include_usage/],
]
const REFUSES =
  /support|unknown|unrecogni[sz]ed|unexpected|extra|permitted|forbidden|allowed|invalid|must be|cannot|unavailable/i
const TOO_MUCH = /too (large|high|long|many|big)|exceed|at most|less than|greater than|maximum/i

/**
 * The optional parameter that an error with status 400, 404 or 422 rejects; null for other errors. The message is not
 * kept: it may repeat the prompt.
 */
export function findUnsupportedParameter(
  status: number | undefined,
  param: string | null | undefined,
  message: string,
): UnsupportedParameter | null {
  if (status !== 400 && status !== 404 && status !== 422) return null
  if (TOO_MUCH.test(message)) return null
  const named = NAMES.find(([, name]) => name.test(param ?? ''))
  if (named) return named[0]
  if (!REFUSES.test(message)) return null
  return NAMES.find(([, name]) => name.test(message))?.[0] ?? null
}
