import { hostname } from 'node:os'
import { z } from 'zod'
import type { JobStore } from '#store/job-store'
import type { QueueBackend } from './backend.ts'
import { whenReady, type RedisLike } from './connect.ts'
import { StoreMismatchError } from './errors.ts'
import { keys } from './names.ts'

/** The store of a queue. `host` is the machine that claimed it; only used in messages. */
const Claim = z.object({ id: z.string(), place: z.string(), host: z.string() })

type Deps = {
  readonly backend: Pick<QueueBackend, 'kind' | 'description'>
  readonly client: RedisLike
  readonly store: Pick<JobStore, 'identity'>
}

/**
 * Binds the queue to this store, or verifies the binding. `claimed` is true when the queue had no store: it is new or lost
 * its data.
 *
 * @throws StoreMismatchError when the queue belongs to another store.
 */
export async function claimStore({ backend, client, store }: Deps): Promise<{ claimed: boolean }> {
  const { id, place } = await store.identity()
  const host = hostname()
  const claim = JSON.stringify({ id, place, host } satisfies z.infer<typeof Claim>)
  const claimed = (await client.set(keys.store, claim, 'NX')) === 'OK'
  const kept = claimed ? null : parse(await client.get(keys.store))
  if (kept === null || kept.id === id) return { claimed }
  // A local queue belongs to this process alone.
  if (backend.kind !== 'redis') {
    await client.set(keys.store, claim)
    return { claimed: true }
  }
  throw mismatch(backend.description, `${place} on ${host}`, kept)
}

/** Verifies the binding without claiming, for read-only checks. */
export async function compareStore(deps: Deps): Promise<void> {
  const kept = parse(await deps.client.get(keys.store))
  if (kept === null) return
  const { id, place } = await deps.store.identity()
  if (kept.id !== id) throw mismatch(deps.backend.description, place, kept)
}

const mismatch = (queue: string, ours: string, kept: z.infer<typeof Claim>) =>
  new StoreMismatchError({ queue, ours, theirs: `${kept.place} on ${kept.host}`, key: keys.store })

/** `claimStore` with its own connection, at startup. */
export async function claimStoreAtStart(deps: {
  readonly backend: QueueBackend
  readonly store: Pick<JobStore, 'identity'>
}): Promise<void> {
  const client = deps.backend.connect('plain')
  try {
    await whenReady(client, AbortSignal.timeout(5_000))
    await claimStore({ ...deps, client })
  } finally {
    client.disconnect()
  }
}

function parse(text: string | null): z.infer<typeof Claim> | null {
  return text === null ? null : Claim.parse(JSON.parse(text))
}
