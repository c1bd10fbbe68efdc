/*
 * A process to be killed. Arguments: data folder, kind of queue, what to do. Says what it did, line by line:
 * `idle` opens the queue; `submit` submits one job after the other, for ever; `run` takes a job and hangs in it.
 */
import { join } from 'node:path'
import { argv, stdout } from 'node:process'
import { makeFileStore } from '#store/file-store'
import { openQueueBackend } from '../hosts/open-backend.ts'
import { makeJobs } from '../producer/jobs.ts'
import { runGenerateWorker } from '../consumer/generate-worker.ts'
import { aRecord, aWorker, failed, progressAt, silent, until } from './harness.ts'

const [, , dataDir = '', embedded, task] = argv
const log = silent
const say = (line: string) => stdout.write(`${line}\n`)
const backend = await openQueueBackend({
  dataDir,
  production: false,
  log,
  embedded: embedded === 'only' ? 'only' : 'never',
})
const store = makeFileStore({ dir: join(dataDir, 'jobs') })
const jobs = makeJobs({ backend, store, log })
const submit = async () => (await jobs.submit(aRecord())).jobId

if (task === 'submit') for (;;) say(await submit())
if (task === 'run') {
  runGenerateWorker({
    backend,
    store,
    log,
    info: aWorker(),
    concurrency: 1,
    failureOutcome: () => failed('gave_up'),
    async run({ record, progress, signal }) {
      await progress(progressAt(70))
      await backend.flush()
      say(record.jobId)
      return until(signal)
    },
  })
  await submit()
} else {
  say('open')
}
