import { tmpdir } from 'node:os'
import { openLog } from '#lib/log'
import { thisMachine } from '#lib/machine'
import { loadDotEnv } from '#lib/dot-env'
import { runUntilSignal } from '#lib/run-main'
import { openTelemetry } from '#lib/open-telemetry'
import { VERSION } from '#lib/version'
import { openQueueBackend } from '#queue/hosts/open-backend'
import { claimStoreAtStart } from '#queue/store-claim'
import { openStore } from '#store/open-store'
import { readWorkerConfig } from './config.ts'
import { startWorker } from './start-worker.ts'

loadDotEnv(process)
await runUntilSignal({
  process,
  print: console.log,
  async start(signal) {
    const config = readWorkerConfig(process.env)
    const log = openLog(config.log, process.env)
    await using stack = new AsyncDisposableStack()
    const telemetry = stack.use(
      await openTelemetry({
        config: config.telemetry,
        service: 'backend-generator-worker',
        version: VERSION,
        log,
      }),
    )
    const store = await openStore(config.store, { log, signal })
    const backend = stack.use(await openQueueBackend({ ...config, log, signal, telemetry }))
    await claimStoreAtStart({ backend, store })
    const worker = stack.use(
      await startWorker({
        backend,
        store,
        config,
        machine: thisMachine(process, tmpdir()),
        log,
        signal,
        onStatus: console.log,
      }),
    )
    const roles = [
      ...(worker.sandbox === null ? [] : [`sandbox: ${worker.sandbox}`]),
      ...worker.chats.map((chat) => `notifies ${chat}`),
    ]
    console.log(`Worker on, ${roles.join(', ')}, queue: ${backend.description}`)
    if (worker.modelNote !== null) console.log(worker.modelNote)
    return stack.move()
  },
})
