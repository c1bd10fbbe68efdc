import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ConfigError, oneOf, variable } from '#lib/env'
import { z } from 'zod'

/** The location of the job store. */
export type StoreTarget =
  | {
      readonly kind: 'file'
      readonly dir: string
      /** The setting that names the folder, for error messages. */
      readonly setting: 'DATA_DIR' | 'STORE_URL'
    }
  | {
      readonly kind: 's3'
      readonly bucket: string
      /** Empty, or ends with `/`. */
      readonly prefix: string
      /** Null for Amazon S3. */
      readonly endpoint: string | null
      readonly region: string
      readonly pathStyle: boolean
      /** Whether archives are downloaded from the bucket by presigned links. */
      readonly links: boolean
    }

/** Never contains credentials: the AWS SDK resolves them as usual. */
const S3_URL = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/([\w!.*'()/-]*))?$/
const isFile = (url: string) => url === 'file:' || (url.startsWith('file:///') && URL.canParse(url))

/** Settings of every program that uses the store. */
export const STORE_VARIABLES = {
  STORE_URL: variable(
    z
      .string()
      .refine((url) => isFile(url) || S3_URL.test(url))
      .optional(),
    'file:///folder, or s3://bucket/prefix (without credentials: they come from AWS_ACCESS_KEY_ID and the like)',
  ),
  STORE_S3_ENDPOINT: variable(
    z.url({ protocol: /^https?$/ }).optional(),
    'the address of a server that speaks S3, such as https://minio.internal:9000',
  ),
  STORE_S3_REGION: variable(
    z
      .string()
      .regex(/^[a-z0-9-]{1,40}$/)
      .optional(),
    'a region, such as eu-central-1 (default us-east-1)',
  ),
  STORE_S3_PATH_STYLE: oneOf(['auto', '0', '1'], 'auto'),
  STORE_S3_LINKS: oneOf(['0', '1'], '0'),
}

export function storeTarget(
  values: {
    readonly STORE_URL?: string | undefined
    readonly STORE_S3_ENDPOINT?: string | undefined
    readonly STORE_S3_REGION?: string | undefined
    readonly STORE_S3_PATH_STYLE: 'auto' | '0' | '1'
    readonly STORE_S3_LINKS: '0' | '1'
  },
  dataDir: string,
): StoreTarget {
  const url = values.STORE_URL ?? 'file:'
  const s3 = S3_URL.exec(url)
  if (s3 === null)
    return url === 'file:'
      ? { kind: 'file', dir: join(dataDir, 'jobs'), setting: 'DATA_DIR' }
      : { kind: 'file', dir: fileURLToPath(url), setting: 'STORE_URL' }
  const [, bucket = '', path = ''] = s3
  const prefix = path.split('/').filter(Boolean).join('/')
  const endpoint = values.STORE_S3_ENDPOINT ?? null
  const style = values.STORE_S3_PATH_STYLE
  return {
    kind: 's3',
    bucket,
    prefix: prefix === '' ? '' : `${prefix}/`,
    endpoint,
    region: values.STORE_S3_REGION ?? 'us-east-1',
    // Few servers other than Amazon's have virtual-hosted buckets.
    pathStyle: style === 'auto' ? endpoint !== null : style === '1',
    links: values.STORE_S3_LINKS === '1',
  }
}

/** For banners and messages. */
export const describeStore = (target: StoreTarget): string =>
  target.kind === 'file'
    ? target.dir
    : `s3://${target.bucket}/${target.prefix}${target.endpoint === null ? '' : ` at ${target.endpoint}`}`

/**
 * Machines that share a bucket have no shared folder for a generated link secret, so they would reject each other's links.
 * Throws a `ConfigError` when LINK_SECRET is required.
 */
export function requireLinkSecret(
  target: StoreTarget,
  settings: { readonly redisUrl: string | undefined; readonly linkSecrets: readonly string[] },
): void {
  if (target.kind === 'file' || !settings.redisUrl || settings.linkSecrets.length > 0) return
  throw new ConfigError(
    'STORE_URL is a bucket and REDIS_URL is set, so several machines may sign archive links: set LINK_SECRET to the same random text of at least 32 characters for the API and every worker that delivers.',
  )
}
