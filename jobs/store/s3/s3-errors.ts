import { StoreUnavailableError } from '../errors.ts'

type Operation = 'read' | 'look up' | 'write' | 'delete' | 'list' | 'link'

/** Maps an SDK error. The message contains the server's error code, but no keys or credentials. */
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

/** Advice for permanent errors; null for others. */
export function setupAdvice(error: unknown): string | null {
  const cause = error instanceof StoreUnavailableError ? error.cause : error
  switch (cause instanceof Error ? cause.name : '') {
    case 'NoSuchBucket':
      return 'The bucket does not exist: create it, or correct STORE_URL.'
    case 'SignatureDoesNotMatch':
    case 'InvalidAccessKeyId':
      return 'The server does not accept the credentials: check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.'
    case 'CredentialsProviderError':
      return 'No credentials found: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or assign a role to this machine.'
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
