import type { BackendRequest } from '../core/payloads.ts'
import { encodeRequest, decodeRequest } from './request-codec.ts'
import type { SlackDestination } from './destination.ts'

/** Encodes a request as a button value; null if it is too long. */
export function toButtonValue(request: BackendRequest<SlackDestination>): string | null {
  const { prompt, options, file, refines, destination, key } = request
  const { channelId = null, threadTs = null } = destination ?? {}
  return encodeRequest({ prompt, options, fileId: file?.id ?? null, refines, channelId, threadTs, key })
}

/** Null if the value is not a request of this version. */
export function fromButtonValue(value: string | null | undefined): BackendRequest<SlackDestination> | null {
  const request = decodeRequest(value)
  if (request === null) return null
  const { prompt, options, fileId, refines, channelId, threadTs, key } = request
  return {
    prompt,
    options,
    file: fileId === null ? null : { id: fileId, name: null, bytes: null, url: null },
    refines,
    destination: channelId === null ? null : { channelId, threadTs, joined: false },
    key,
  }
}
