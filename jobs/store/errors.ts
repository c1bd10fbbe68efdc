/** Something in the store is not what was written there. `path` says where to look. */
export class StoreCorruptError extends Error {
  readonly code = 'store_corrupt'
  override readonly name = 'StoreCorruptError'
  readonly path: string
  constructor(path: string, cause: unknown) {
    super(`${path} cannot be read: move it away, or restore it from a backup.`, { cause })
    this.path = path
  }
}

/** The store is temporarily unavailable; retrying may succeed. */
export class StoreUnavailableError extends Error {
  readonly code = 'store_unavailable'
  override readonly name = 'StoreUnavailableError'
  readonly retryable = true
}

/** The store is misconfigured: the message says what to change. */
export class StoreSetupError extends Error {
  readonly code = 'store_setup'
  override readonly name = 'StoreSetupError'
}

/** Whether an error means that the store is unavailable. */
export const isStoreUnavailable = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'store_unavailable'
