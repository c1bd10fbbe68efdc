import type { GenerateRequest, JobId, JobRequest, Origin, RefineRequest } from '#contract'

/** A request for a first version (`parent` is null) or for the next version of a job. */
export type Submission =
  | { readonly parent: null; readonly request: GenerateRequest }
  | { readonly parent: JobId; readonly request: RefineRequest }

/** The API's limit on a prompt, in characters. */
const MAX_PROMPT = 20_000

/** Rebuilds the request of a job, with what was said about its plans. */
export function resubmissionOf(asked: JobRequest, origin: Origin): Submission {
  const { parent, spec, planChanges } = asked
  const options = { ...asked.options, ...planChanges.options }
  const whole = [asked.prompt, ...planChanges.words].join('\n\n')
  const prompt = whole.length <= MAX_PROMPT ? whole : asked.prompt
  if (parent === null) return { parent, request: { prompt, options, ...(spec !== null && { spec }), origin } }
  const { designer } = options
  return { parent, request: { prompt, ...(designer && { options: { designer } }), origin } }
}
