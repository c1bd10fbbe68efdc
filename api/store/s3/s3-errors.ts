import { StoreUnavailableError } from '../errors.ts'

type Operation = 'read' | 'look up' | 'write' | 'delete' | 'list' | 'link'

/** The SDK's error as the store's. It says the code of the server's answer, and neither keys nor credentials. */
export function toStoreError(operation: Operation, error: unknown): StoreUnavailableError {
  return new StoreUnavailableError(`The bucket could not ${operation}: ${codeOf(error)}.`, { cause: error })
}

/** `SlowDown (503)`, `ECONNREFUSED`, `TimeoutError`. */
export function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name
  return status === undefined ? code : `${code} (${status})`
}

/** What to do about an answer that asking again does not change; null for any other. */
export function setupAdvice(error: unknown): string | null {
  const cause = error instanceof StoreUnavailableError ? error.cause : error
  switch (cause instanceof Error ? cause.name : '') {
    case 'NoSuchBucket':
      return 'The bucket is not there: create it, or correct STORE_URL.'
    case 'SignatureDoesNotMatch':
    case 'InvalidAccessKeyId':
      return 'The server does not accept the credentials: check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.'
    case 'CredentialsProviderError':
      return 'There are no credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or give this machine a role.'
    case 'AccessDenied':
    case 'Forbidden':
      return 'The credentials lack a permission: s3:GetObject, s3:PutObject, s3:DeleteObject and s3:ListBucket are needed.'
    case 'PermanentRedirect':
    case 'AuthorizationHeaderMalformed':
      return 'The bucket is in another region: set STORE_S3_REGION.'
    default:
      return null
  }
}
