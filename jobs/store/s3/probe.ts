import { ulid } from 'ulid'
import { StoreSetupError, StoreUnavailableError } from '../errors.ts'
import type { Objects } from './objects.ts'
import { codeOf, setupAdvice } from './s3-errors.ts'

/** Enough to expose a server that checks and writes non-atomically. */
const WRITERS = 8

const NEEDED =
  'Use a server that supports them, such as Amazon S3, Cloudflare R2, MinIO or Ceph. Without them, two processes could record different outcomes for a job.'

/**
 * Writes, reads and deletes a test object, and verifies that only one of several conditional writes (`If-None-Match: *`)
 * succeeds.
 *
 * @throws StoreSetupError when the server or the credentials do not suit; StoreUnavailableError when it does not answer.
 */
export async function probeBucket(objects: Objects, place: string): Promise<void> {
  const key = `probe/${ulid().toLowerCase()}`
  try {
    await objects.text(key)
    const first = await Promise.allSettled(
      Array.from({ length: WRITERS }, (_, writer) => objects.create(key, String(writer))),
    )
    const refused = first.find((result) => result.status === 'rejected')
    if (refused !== undefined) throw refused.reason
    const winners = first.filter((result) => result.status === 'fulfilled' && result.value).length
    // None when the response to the winner was lost and its retry conflicted.
    if (winners > 1)
      throw new StoreSetupError(
        `${place} does not support conditional writes: ${winners} of ${WRITERS} writers with If-None-Match: * succeeded. ${NEEDED}`,
      )
    const folders = await Array.fromAsync(objects.folders(''))
    if (!folders.includes('probe'))
      throw new StoreSetupError(`${place} does not list an object that was just written. Use another server.`)
  } catch (error) {
    if (error instanceof StoreSetupError) throw error
    const cause = error instanceof StoreUnavailableError ? error.cause : error
    if (/NotImplemented/.test(codeOf(cause)))
      throw new StoreSetupError(`${place} rejects conditional writes (If-None-Match: *). ${NEEDED}`, {
        cause,
      })
    const advice = setupAdvice(error)
    if (advice === null)
      throw new StoreUnavailableError(
        `${place} cannot be used: ${codeOf(cause)}. Check that the server is running and that STORE_S3_ENDPOINT is correct.`,
        { cause },
      )
    throw new StoreSetupError(`${place} cannot be used: ${codeOf(cause)}. ${advice}`, { cause })
  } finally {
    await objects.remove(key).catch(() => {})
  }
}
