import { openLog } from '#lib/log'
import { loadDotEnv } from '#lib/dot-env'
import { runUntilSignal } from '#lib/run-main'
import { openTelemetry } from '#lib/open-telemetry'
import { VERSION } from '#lib/version'
import { openQueueBackend } from '#queue/hosts/open-backend'
import { makeJobs } from '#queue/producer/jobs'
import { claimStoreAtStart } from '#queue/store-claim'
import { openStore } from '#store/open-store'
import { readApiConfig } from './config.ts'
import { recoverAtStart } from './recover-at-start.ts'
import { startApi } from './start-api.ts'
import { startMaintenance } from './start-maintenance.ts'

loadDotEnv(process)
await runUntilSignal({
  process,
  print: console.log,
  async start(signal) {
    const config = readApiConfig(process.env)
    const log = openLog(config.log, process.env)
    await using stack = new AsyncDisposableStack()
    const telemetry = stack.use(
      await openTelemetry({
        config: config.telemetry,
        service: 'backend-generator-api',
        version: VERSION,
        log,
      }),
    )
    const store = await openStore(config.store, { log, signal })
    const backend = stack.use(await openQueueBackend({ ...config, log, signal, telemetry }))
    await claimStoreAtStart({ backend, store })
    const jobs = stack.use(makeJobs({ backend, store, log, quotas: config.quotas, models: config.models }))
    const recovery = stack.use(await recoverAtStart({ jobs, log, signal }))
    stack.use(startMaintenance({ jobs, keep: config.keep, log }))
    const api = stack.use(
      await startApi({ backend, jobs, store, config, log, version: VERSION, recoveryFault: recovery.fault }),
    )
    console.log(`API on ${api.url}, queue: ${backend.description}`)
    return stack.move()
  },
})
