import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3'
import { describeStore, type StoreTarget } from '../config.ts'
import type { JobStore } from '../job-store.ts'
import { makeObjects } from './objects.ts'
import { probeBucket } from './probe.ts'
import { makeS3Store } from './s3-store.ts'

type S3Target = Extract<StoreTarget, { kind: 's3' }>

/** How long one request may take to connect and to be answered, in milliseconds; the SDK tries four times. */
const CONNECT_MS = 3_000
const ANSWER_MS = 10_000

/**
 * Opens the store in a bucket, with the credentials that the AWS SDK finds where it always does: AWS_ACCESS_KEY_ID and its
 * like, a profile, a role of the machine.
 *
 * @throws StoreSetupError, StoreUnavailableError
 */
export async function openS3Store(
  target: S3Target,
  overrides: Pick<S3ClientConfig, 'credentials' | 'maxAttempts'> = {},
): Promise<JobStore> {
  const { bucket, prefix, endpoint, region, pathStyle, links } = target
  const client = new S3Client({
    region,
    forcePathStyle: pathStyle,
    ...(endpoint !== null && { endpoint }),
    maxAttempts: 4,
    // Servers other than Amazon's often know no checksums in trailers. Archives have a SHA-256 of their own.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: {
      connectionTimeout: CONNECT_MS,
      requestTimeout: ANSWER_MS,
      throwOnRequestTimeout: true,
      socketTimeout: ANSWER_MS,
    },
    ...overrides,
  })
  const objects = makeObjects({ client, bucket, prefix })
  const place = describeStore(target)
  await probeBucket(objects, place)
  return makeS3Store({ objects, place, links })
}
