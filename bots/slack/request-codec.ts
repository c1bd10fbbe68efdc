import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { GenerateOptions, JobId } from '#contract'
import { z } from 'zod'
import { LIMITS } from './limits.ts'

/** A request as it was made in Slack, before it is one to the API. */
export const SlackRequest = z.object({
  prompt: z.string(),
  options: GenerateOptions,
  /** The id of an attached file. */
  fileId: z.string().nullable(),
  /** The job whose next version is wanted. */
  refines: JobId.nullable().default(null),
  /** Null: the direct conversation with whoever asks; of a next version: where the job was asked for. */
  channelId: z.string().nullable(),
  threadTs: z.string().nullable(),
  /** Stands for this request, however often it is delivered or its button is pressed. */
  key: z.string(),
})
export type SlackRequest = z.infer<typeof SlackRequest>

const MAX_DECODED_LENGTH = 100_000

/** The request as the value of a button, so that nothing has to be remembered; null when it is too long for one. */
export function encodeRequest(request: SlackRequest): string | null {
  const packed = deflateRawSync(JSON.stringify(request)).toString('base64url')
  return packed.length <= LIMITS.button.value ? packed : null
}

/** Null for what is no packed request of this version. */
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
