import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { GenerateOptions, JobId } from '#contract'
import { z } from 'zod'
import { LIMITS } from './limits.ts'

/** A request as made in Slack, before it is sent to the API. */
export const SlackRequest = z.object({
  prompt: z.string(),
  options: GenerateOptions,
  /** The id of an attached file. */
  fileId: z.string().nullable(),
  /** The job to refine. */
  refines: JobId.nullable().default(null),
  /** Null: the requester's direct messages; for a refinement, where the job was requested. */
  channelId: z.string().nullable(),
  threadTs: z.string().nullable(),
  /** Idempotency key: the same for every delivery and every click of its button. */
  key: z.string(),
})
export type SlackRequest = z.infer<typeof SlackRequest>

const MAX_DECODED_LENGTH = 100_000

/** Encodes a request as a button value, so that no state is stored. Null if it is too long. */
export function encodeRequest(request: SlackRequest): string | null {
  const encoded = deflateRawSync(JSON.stringify(request)).toString('base64url')
  return encoded.length <= LIMITS.button.value ? encoded : null
}

/** Null if the value is not an encoded request of this version. */
export function decodeRequest(value: string | null | undefined): SlackRequest | null {
  try {
    const json = inflateRawSync(Buffer.from(value ?? '', 'base64url'), {
      maxOutputLength: MAX_DECODED_LENGTH,
    })
    return SlackRequest.parse(JSON.parse(json.toString('utf8')))
  } catch {
    return null
  }
}
