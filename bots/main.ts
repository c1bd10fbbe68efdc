import { ConfigError } from '#lib/env'
import { loadDotEnv } from '#lib/dot-env'
import { openLog } from '#lib/log'
import { runUntilSignal } from '#lib/run-main'
import { readBotsConfig } from './config.ts'
import { startBots } from './start-bots.ts'

loadDotEnv(process)
await runUntilSignal({
  process,
  print: console.log,
  async start() {
    const config = readBotsConfig(process.env)
    if (config.slack === null && config.discord === null)
      throw new ConfigError(
        'No chat is configured: set SLACK_BOT_TOKEN and SLACK_APP_TOKEN (docs/slack.md), or DISCORD_BOT_TOKEN (docs/discord.md).',
      )
    const log = openLog(config.log, process.env)
    const bots = await startBots({ config, apiUrl: config.apiUrl ?? 'http://127.0.0.1:8080', log })
    console.log(bots.banner.join('\n'))
    return bots
  },
})
