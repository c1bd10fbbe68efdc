import { tmpdir } from 'node:os'
import { thisMachine } from '#lib/machine'
import { loadDotEnv } from '#lib/dot-env'
import { runUntilSignal } from '#lib/run-main'
import { startService } from './service.ts'

loadDotEnv(process)
await runUntilSignal({
  process,
  print: console.log,
  async start(signal) {
    const service = await startService({
      machine: thisMachine(process, tmpdir()),
      bots: true,
      signal,
      onStatus: console.log,
    })
    console.log(service.banner.join('\n'))
    return service
  },
})
