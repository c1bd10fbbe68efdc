import { ulid } from 'ulid'
import { StoreSetupError, StoreUnavailableError } from '../errors.ts'
import type { Objects } from './objects.ts'
import { codeOf, setupAdvice } from './s3-errors.ts'

/** Enough for a server that looks before it writes to be caught. */
const WRITERS = 8

const NEEDED =
  'Use a server that decides them, such as Amazon S3, Cloudflare R2, MinIO or Ceph; without, two processes could end a job in two ways.'

/**
 * Writes, reads and deletes an object, and makes sure that of several conditional writes (`If-None-Match: *`) no two
 * win. Leaves nothing behind.
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
    // None where the answer to the winner was lost: its second try meets its first.
    if (winners > 1)
      throw new StoreSetupError(
        `${place} does not decide conditional writes: of ${WRITERS} writers with If-None-Match: *, ${winners} won. ${NEEDED}`,
      )
    const folders = await Array.fromAsync(objects.folders(''))
    if (!folders.includes('probe'))
      throw new StoreSetupError(`${place} does not list what was just written there. Use another server.`)
  } catch (error) {
    if (error instanceof StoreSetupError) throw error
    const cause = error instanceof StoreUnavailableError ? error.cause : error
    if (/NotImplemented/.test(codeOf(cause)))
      throw new StoreSetupError(`${place} refuses conditional writes (If-None-Match: *). ${NEEDED}`, {
        cause,
      })
    const advice = setupAdvice(error)
    if (advice === null)
      throw new StoreUnavailableError(
        `${place} cannot be used: ${codeOf(cause)}. Check that the server runs and that STORE_S3_ENDPOINT is right.`,
        { cause },
      )
    throw new StoreSetupError(`${place} cannot be used: ${codeOf(cause)}. ${advice}`, { cause })
  } finally {
    await objects.remove(key).catch(() => {})
  }
}
