/** Something in the store is not what was written there. `path` says where to look. */
export class StoreCorruptError extends Error {
  readonly code = 'store_corrupt'
  override readonly name = 'StoreCorruptError'
  readonly path: string
  constructor(path: string, cause: unknown) {
    super(`${path} cannot be read back: move it away, or restore it from a backup.`, { cause })
    this.path = path
  }
}

/** The store cannot be used at the moment; what was asked of it may work later. */
export class StoreUnavailableError extends Error {
  readonly code = 'store_unavailable'
  override readonly name = 'StoreUnavailableError'
  readonly retryable = true
}

/** The store cannot be used as it is set up: the message says what to change. */
export class StoreSetupError extends Error {
  readonly code = 'store_setup'
  override readonly name = 'StoreSetupError'
}

/** Whether the store failed, and not the work that needed it. */
export const isStoreUnavailable = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'store_unavailable'
