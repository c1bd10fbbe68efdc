/** The queue is temporarily unavailable; retry later. */
export class QueueUnavailableError extends Error {
  override readonly name = 'QueueUnavailableError'
  readonly code = 'queue_unavailable'

  constructor(options?: ErrorOptions) {
    super('The queue is unavailable. Try again in a few seconds.', options)
  }
}

/** This process uses a different job store than others on the same queue. */
export class StoreMismatchError extends Error {
  override readonly name = 'StoreMismatchError'
  readonly code = 'store_mismatch'

  constructor(place: { queue: string; ours: string; theirs: string; key: string }) {
    super(
      `The queue at ${place.queue} uses the job store ${place.theirs}, but this process uses ${place.ours}: ` +
        'set STORE_URL to the same store for the API and every worker, or DATA_DIR to a shared folder. ' +
        `If the store was moved on purpose, stop all processes and delete the key ${place.key} in Redis.`,
    )
  }
}
