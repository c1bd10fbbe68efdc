/*
 * A process for crash tests of plans. Arguments: data folder, kind of queue, `plan`, the number of the operation at which it
 * kills itself (0: never). Takes one job from its submission over two plans and an approval to its end, or goes on where an
 * earlier process was killed. Prints the number of operations at the end.
 */
import { join } from 'node:path'
import { argv, kill, pid, stdout } from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { makeFileStore } from '#store/file-store'
import type { JobStore } from '#store/job-store'
import type { QueueBackend } from '../backend.ts'
import { runGenerateWorker } from '../consumer/generate-worker.ts'
import { openQueueBackend } from '../hosts/open-backend.ts'
import { makeJobs } from '../producer/jobs.ts'
import { aRecord, aWorker, failed, silent } from './harness.ts'
import { planningRun } from './planning-run.ts'

const [, , dataDir = '', embedded, , killAt = '0'] = argv
let operations = 0
const count = () => {
  operations += 1
  if (operations === Number(killAt)) kill(pid, 'SIGKILL')
}

/** Counts before and after each call to the store. */
const counted = (store: JobStore): JobStore =>
  new Proxy(store, {
    get(target, name, receiver) {
      const member: unknown = Reflect.get(target, name, receiver)
      if (typeof member !== 'function' || name === 'jobIds' || name === 'usage') return member
      return async (...args: unknown[]) => {
        count()
        const result: unknown = await Reflect.apply(member, target, args)
        count()
        return result
      }
    },
  })

/** Counts each command to Redis. */
const countedQueue = (backend: QueueBackend): QueueBackend => ({
  ...backend,
  connect(role) {
    const client = backend.connect(role)
    const send = client.sendCommand.bind(client) as (command: unknown, stream?: unknown) => Promise<unknown>
    return Object.assign(client, {
      sendCommand(command: unknown, stream?: unknown) {
        count()
        return send(command, stream)
      },
    })
  },
})

const backend = countedQueue(
  await openQueueBackend({
    dataDir,
    production: false,
    log: silent,
    embedded: embedded === 'only' ? 'only' : 'never',
  }),
)
const store = counted(makeFileStore({ dir: join(dataDir, 'jobs') }))
const jobs = makeJobs({ backend, store, log: silent, limits: { backoffMs: 20 } })
await jobs.recover()
const worker = runGenerateWorker({
  backend,
  store,
  log: silent,
  info: aWorker(),
  concurrency: 1,
  // More processes are killed than a job may lose.
  maxStalls: 100,
  run: planningRun(store),
  failureOutcome: () => failed('gave_up'),
})
const stored: string[] = []
for await (const id of store.jobIds()) if (await store.has(id)) stored.push(id)
const [earlier] = stored
const jobId = earlier ?? (await jobs.submit(aRecord())).jobId
for (;;) {
  const view = await jobs.view(jobId)
  if (view?.finishedAt) break
  const version = view?.needs?.plan.version
  if (version !== undefined)
    await jobs.decidePlan(
      jobId,
      version === 1 ? { decision: 'change', version, words: 'Add tags' } : { decision: 'approve', version },
    )
  await sleep(20)
}
stdout.write(`${operations}\n`)
await worker.stop({ graceMs: 0 })
await jobs[Symbol.asyncDispose]()
await backend[Symbol.asyncDispose]()
