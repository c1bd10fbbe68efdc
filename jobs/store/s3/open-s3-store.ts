import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import { describeStore, type StoreTarget } from '../config.ts'
import { isStoreUnavailable } from '../errors.ts'
import type { JobStore } from '../job-store.ts'
import { makeObjects } from './objects.ts'
import { probeBucket } from './probe.ts'
import { makeS3Store } from './s3-store.ts'

type S3Target = Extract<StoreTarget, { kind: 's3' }>

/** Timeouts of one request, in milliseconds; the SDK makes four attempts. */
const CONNECT_MS = 3_000
const RESPONSE_MS = 10_000

/** How long, and how often, to retry a slow or starting bucket at startup, in milliseconds. */
const STARTUP_TIMEOUT_MS = 20_000
const RETRY_MS = 2_000

/**
 * Opens the S3 store with the AWS SDK's default credentials: AWS_ACCESS_KEY_ID and related variables, a profile, or a role.
 *
 * @throws StoreSetupError, StoreUnavailableError
 */
export async function openS3Store(
  target: S3Target,
  options: Pick<S3ClientConfig, 'credentials' | 'maxAttempts'> & {
    readonly startupTimeoutMs?: number
    readonly log?: Logger
    readonly signal?: AbortSignal
  } = {},
): Promise<JobStore> {
  const { startupTimeoutMs = STARTUP_TIMEOUT_MS, log, signal, ...overrides } = options
  const { bucket, prefix, endpoint, region, pathStyle, links } = target
  const client = new S3Client({
    region,
    forcePathStyle: pathStyle,
    ...(endpoint !== null && { endpoint }),
    maxAttempts: 4,
    // Other servers often lack trailing checksums. Archives have their own SHA-256.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: {
      connectionTimeout: CONNECT_MS,
      requestTimeout: RESPONSE_MS,
      throwOnRequestTimeout: true,
      socketTimeout: RESPONSE_MS,
    },
    ...overrides,
  })
  const objects = makeObjects({ client, bucket, prefix })
  const place = describeStore(target)
  for (const until = performance.now() + startupTimeoutMs; ;) {
    signal?.throwIfAborted()
    try {
      await probeBucket(objects, place)
      break
    } catch (error) {
      if (!isStoreUnavailable(error) || performance.now() + RETRY_MS > until) throw error
      log?.warn(`${(error as Error).message} Trying again.`)
      await sleep(RETRY_MS, undefined, { ...(signal && { signal }) })
    }
  }
  return makeS3Store({ objects, place, links })
}
