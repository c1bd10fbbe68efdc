import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { toStoreError } from './s3-errors.ts'

export type ObjectInfo = { readonly key: string; readonly bytes: number; readonly etag: string }
export type Objects = ReturnType<typeof makeObjects>

/** Retries of conditional writes that conflict with another write. */
const MAX_CONFLICTS = 5

/**
 * The S3 operations that the store needs, on objects below a prefix; keys never include it. A missing object reads as
 * null. Other failures are a `StoreUnavailableError`, after the SDK's own retries.
 */
export function makeObjects(deps: {
  readonly client: S3Client
  readonly bucket: string
  readonly prefix: string
}) {
  const { client, bucket: Bucket, prefix } = deps
  const at = (key: string) => ({ Bucket, Key: prefix + key })

  async function write(key: string, body: string | Uint8Array, once: boolean): Promise<void> {
    await client.send(
      new PutObjectCommand({
        ...at(key),
        Body: body,
        ContentType: typeof body === 'string' ? 'application/json' : 'application/zip',
        ...(once && { IfNoneMatch: '*' }),
      }),
    )
  }

  async function get(key: string, range?: { start: number; end: number }) {
    try {
      const Range = range && `bytes=${range.start}-${range.end}`
      const { Body } = await client.send(new GetObjectCommand({ ...at(key), ...(Range && { Range }) }))
      return Body ?? null
    } catch (error) {
      if (isMissing(error)) return null
      throw toStoreError('read', error)
    }
  }

  /** Pages of what is below a folder, in the order of its keys. */
  async function* pages(folder: string, options: { after?: string | undefined; folders?: boolean }) {
    let token: string | undefined
    do {
      const page = await client
        .send(
          new ListObjectsV2Command({
            Bucket,
            Prefix: prefix + folder,
            ...(options.folders && { Delimiter: '/' }),
            ...(token === undefined
              ? options.after !== undefined && { StartAfter: prefix + options.after }
              : { ContinuationToken: token }),
          }),
        )
        .catch((error: unknown) => {
          throw toStoreError('list', error)
        })
      yield page
      token = page.IsTruncated ? page.NextContinuationToken : undefined
    } while (token !== undefined)
  }

  return {
    async text(key: string): Promise<string | null> {
      const body = await get(key)
      if (body === null) return null
      return body.transformToString().catch((error: unknown) => {
        throw toStoreError('read', error)
      })
    },

    async stream(key: string, range?: { start: number; end: number }) {
      const body = await get(key, range)
      return body === null ? null : (body.transformToWebStream() as ReadableStream<Uint8Array>)
    },

    async head(key: string): Promise<{ bytes: number; etag: string } | null> {
      try {
        const { ContentLength = 0, ETag = '' } = await client.send(new HeadObjectCommand(at(key)))
        return { bytes: ContentLength, etag: ETag }
      } catch (error) {
        if (isMissing(error)) return null
        throw toStoreError('look up', error)
      }
    },

    async put(key: string, body: string | Uint8Array): Promise<void> {
      await write(key, body, false).catch((error: unknown) => {
        throw toStoreError('write', error)
      })
    },

    /** False when the object already exists, possibly from an earlier attempt of this call. */
    async create(key: string, body: string): Promise<boolean> {
      for (let conflicts = 0; ; conflicts++) {
        try {
          await write(key, body, true)
          return true
        } catch (error) {
          const status = statusOf(error)
          if (status === 412) return false
          if (status !== 409 || conflicts === MAX_CONFLICTS) throw toStoreError('write', error)
        }
      }
    },

    async remove(key: string): Promise<void> {
      await client.send(new DeleteObjectCommand(at(key))).catch((error: unknown) => {
        if (!isMissing(error)) throw toStoreError('delete', error)
      })
    },

    /** Every object below a folder, in the order of their keys. */
    async *list(folder: string): AsyncGenerator<ObjectInfo> {
      for await (const { Contents = [] } of pages(folder, {}))
        for (const { Key = '', Size = 0, ETag = '' } of Contents)
          yield { key: Key.slice(prefix.length), bytes: Size, etag: ETag }
    },

    /** The names of the folders right below a folder; of those after `after`, where it is given. */
    async *folders(folder: string, after?: string): AsyncGenerator<string> {
      for await (const { CommonPrefixes = [] } of pages(folder, { folders: true, after }))
        for (const { Prefix = '' } of CommonPrefixes) yield Prefix.slice(prefix.length + folder.length, -1)
    },

    /** An address that reads the object without credentials, for so many seconds. */
    link: (key: string, options: { readonly disposition: string; readonly seconds: number }) =>
      getSignedUrl(
        client,
        new GetObjectCommand({ ...at(key), ResponseContentDisposition: options.disposition }),
        { expiresIn: options.seconds },
      ).catch((error: unknown) => {
        throw toStoreError('link', error)
      }),
  }
}

const statusOf = (error: unknown) =>
  (error as { $metadata?: { httpStatusCode?: number } } | null)?.$metadata?.httpStatusCode

/** A missing bucket does not count as a missing object. */
const isMissing = (error: unknown) =>
  error instanceof Error && (error.name === 'NoSuchKey' || error.name === 'NotFound')
