import { ConfigError } from '#lib/env'
import { loadDotEnv } from '#lib/dot-env'
import { openLog } from '#lib/log'
import { runUntilSignal } from '#lib/run-main'
import { anyConfigured, CHATS } from './chats.ts'
import { readBotsConfig } from './config.ts'
import { startBots } from './start-bots.ts'

loadDotEnv(process)
await runUntilSignal({
  process,
  print: console.log,
  async start() {
    const config = readBotsConfig(process.env)
    if (!anyConfigured(config))
      throw new ConfigError(
        `No chat is configured. ${CHATS.map(({ name, setupHint }) => `${name}: ${setupHint}`).join(' ')}`,
      )
    const log = openLog(config.log, process.env)
    const bots = await startBots({ config, apiUrl: config.apiUrl ?? 'http://127.0.0.1:8080', log })
    console.log(bots.banner.join('\n'))
    return bots
  },
})
