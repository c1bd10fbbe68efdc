import { REST, Routes, type APIApplication } from 'discord.js'
import { ConfigError } from '#lib/env'
import { loadDotEnv } from '#lib/dot-env'
import { readOptions, UsageError } from '#lib/read-options'
import { describeStartError } from '#lib/run-main'
import { readBotsConfig } from '../config.ts'
import { errorSummary } from './errors.ts'
import { inviteLink } from './invite.ts'
import { registerCommands } from './register.ts'

const HELP = `Usage:
  npm run discord:invite                       prints the link that invites the bot to a server
  npm run discord:register -- --guild <id>     registers the commands on one server, available at once
  npm run discord:register -- --global         registers them globally

Both need DISCORD_BOT_TOKEN. Registering again is safe: only changes are written.`

async function invite(): Promise<string> {
  const { rest, threads } = createRest()
  const { id } = await callDiscord(rest.get(Routes.currentApplication()) as Promise<APIApplication>)
  return inviteLink(id, threads)
}

async function register(guild: string | undefined, everywhere: boolean): Promise<string> {
  if ((guild === undefined) !== everywhere) throw new ConfigError('Pass either --guild <id> or --global.')
  if (guild !== undefined && !/^\d{15,20}$/.test(guild))
    throw new ConfigError(`--guild is "${guild}", but it must be a server ID, such as 81384788765712384.`)
  const { rest } = createRest()
  const { written, names } = await callDiscord(registerCommands(rest, guild ?? null))
  return `${written ? 'Registered' : 'Already registered, nothing to do'}: ${names.join(', ')}`
}

function createRest() {
  const { discord } = readBotsConfig(process.env)
  if (discord === null)
    throw new ConfigError('DISCORD_BOT_TOKEN is not set; docs/operate/discord.md explains where to get it.')
  const rest = new REST({ version: '10', api: discord.apiUrl }).setToken(discord.token)
  return { rest, threads: discord.threads }
}

async function callDiscord<T>(call: Promise<T>): Promise<T> {
  try {
    return await call
  } catch (error) {
    throw new ConfigError(
      `Discord refused the request (${errorSummary(error)}). Check the token, and that the bot is on that server.`,
    )
  }
}

loadDotEnv(process)
try {
  const { values, positionals } = readOptions(process.argv.slice(2), {
    guild: { type: 'string' },
    global: { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  })
  const [command] = positionals
  if (values.help || command === undefined) console.log(HELP)
  else if (command === 'invite') console.log(await invite())
  else if (command === 'register') console.log(await register(values.guild, values.global ?? false))
  else throw new UsageError(`Unknown command ${JSON.stringify(command)}.`)
} catch (error) {
  console.error(`${describeStartError(error).split('\n', 1)[0]}\n\n${HELP}`)
  process.exitCode = 2
}
