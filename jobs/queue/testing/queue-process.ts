/*
 * A process for crash tests. Arguments: data folder, kind of queue, task. Prints its progress line by line:
 * `idle` opens the queue; `submit` submits jobs in a loop; `run` takes a job and blocks in it.
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
const print = (line: string) => stdout.write(`${line}\n`)
const backend = await openQueueBackend({
  dataDir,
  production: false,
  log,
  embedded: embedded === 'only' ? 'only' : 'never',
})
const store = makeFileStore({ dir: join(dataDir, 'jobs') })
const jobs = makeJobs({ backend, store, log })
const submit = async () => (await jobs.submit(aRecord())).jobId

if (task === 'submit') for (;;) print(await submit())
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
      print(record.jobId)
      return until(signal)
    },
  })
  await submit()
} else {
  print('open')
}
