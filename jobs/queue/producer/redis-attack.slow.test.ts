import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import type { RedisLike } from '../connect.ts'
import { faultyApi, recoverAndRun } from '../testing/faulty-api.ts'
import type { Fate } from '../testing/faulty-queue.ts'
import { KINDS, aRecord, eventually, openHarness } from '../testing/harness.ts'

/** Real Redis failures, from a certain command until repaired. */
type Attack = {
  readonly name: string
  readonly strike: (admin: RedisLike) => Promise<unknown>
  readonly heal: (admin: RedisLike) => Promise<unknown>
}

const config =
  (...settings: string[]) =>
  (admin: RedisLike) =>
    admin.call('CONFIG', 'SET', ...settings)

const ATTACKS: readonly Attack[] = [
  { name: 'has no memory left', strike: config('maxmemory', '1'), heal: config('maxmemory', '0') },
  {
    name: 'became a read-only replica',
    strike: (admin) => admin.call('REPLICAOF', '127.0.0.1', '1'),
    heal: (admin) => admin.call('REPLICAOF', 'NO', 'ONE'),
  },
  {
    name: 'cannot save to its disk',
    async strike(admin) {
      const [, dir] = (await admin.call('CONFIG', 'GET', 'dir')) as [string, string]
      // A file cannot take the place of a folder.
      await mkdir(join(dir, 'blocked.rdb', 'full'), { recursive: true })
      await config('dbfilename', 'blocked.rdb', 'save', '3600 1', 'stop-writes-on-bgsave-error', 'yes')(admin)
      await admin.call('BGSAVE')
      await eventually(async () => /rdb_last_bgsave_status:err/.test(await admin.info('persistence')))
    },
    heal: config('save', ''),
  },
  {
    name: 'holds writes back for a while',
    strike: (admin) => admin.call('CLIENT', 'PAUSE', '60000', 'WRITE'),
    heal: (admin) => admin.call('CLIENT', 'UNPAUSE'),
  },
  {
    name: 'cuts every connection',
    strike: (admin) => admin.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes'),
    heal: async () => {},
  },
  {
    name: 'was replaced by one that has nothing',
    strike: (admin) => admin.flushall(),
    heal: async () => {},
  },
]

/** More commands than a request sends. */
const COMMANDS = Array.from({ length: 11 }, (_, at) => at)
const [, real] = KINDS

describe.skipIf(real.skip).each(ATTACKS)(
  `a real Redis that $name (${real.name})`,
  { timeout: 480_000 },
  (attack) => {
    test.each([false, true])(
      'runs all that was accepted and nothing that was refused (with a key: %s)',
      async (isKeyed) => {
        await using queue = await openHarness(real, { limits: { keyTimeoutMs: 50 } })
        const admin = queue.backend.connect('plain')
        const accepted: string[] = []
        for (const striking of COMMANDS) {
          const late = new AbortController()
          const api = faultyApi(queue, async (at): Promise<Fate> => {
            if (at !== striking) return 'works'
            await attack.strike(admin)
            // Requests time out earlier than commands.
            setTimeout(() => late.abort(new Error('The answer took too long.')), 500)
            return 'works'
          })
          await using jobs = api.jobs
          const key = { key: `key-${striking}`, caller: 'key:ci', bodyHash: 'h' }
          const answer = jobs.submit(aRecord(), isKeyed ? key : undefined, late.signal)
          const ended = answer.then(
            ({ jobId }) => accepted.push(jobId),
            () => {},
          )
          await Promise.race([ended, eventually(() => late.signal.aborted).catch(() => {})])
          api.heal()
          await attack.heal(admin)
          await ended
          if (isKeyed)
            accepted.push(
              (await vi.waitFor(() => queue.jobs.submit(aRecord(), key), { timeout: 120_000, interval: 50 }))
                .jobId,
            )
        }
        expect((await recoverAndRun(queue)).toSorted()).toEqual([...new Set(accepted)].toSorted())
      },
    )
  },
)
