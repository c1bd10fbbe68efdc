/** The queue is there in principle, but does not answer now. Trying again later is the right thing to do. */
export class QueueUnavailableError extends Error {
  override readonly name = 'QueueUnavailableError'
  readonly code = 'queue_unavailable'

  constructor(options?: ErrorOptions) {
    super('The queue is unavailable. Try again in a few seconds.', options)
  }
}

/** This process keeps jobs elsewhere than the others that use the same queue. */
export class StoreMismatchError extends Error {
  override readonly name = 'StoreMismatchError'
  readonly code = 'store_mismatch'

  constructor(place: { queue: string; ours: string; theirs: string; key: string }) {
    super(
      `Jobs of the queue at ${place.queue} are kept in ${place.theirs}, but this process would keep them in ${place.ours}: ` +
        'set STORE_URL to one store for the API and every worker, or DATA_DIR to one folder that all of them share. ' +
        `If the store was moved on purpose, stop them all and delete the key ${place.key} in Redis.`,
    )
  }
}
