import type { GenerateRequest, JobId, JobRecord, Origin, RefineRequest } from '#contract'

/** A request for a first version (`parent` is null) or for the next version of a job. */
export type Submission =
  | { readonly parent: null; readonly request: GenerateRequest }
  | { readonly parent: JobId; readonly request: RefineRequest }

/** Rebuilds the request from a job record. */
export function resubmissionOf({ parent, prompt, options, spec }: JobRecord, origin: Origin): Submission {
  if (parent === null) return { parent, request: { prompt, options, ...(spec !== null && { spec }), origin } }
  const { designer } = options
  return { parent, request: { prompt, ...(designer && { options: { designer } }), origin } }
}
