import { ConfigError } from '#lib/env'
import { makeLog } from '#lib/log'
import type { Machine } from '#lib/machine'
import { findRedisServer } from '#queue/hosts/redis-executable'
import { parseRedisUrl } from '#queue/hosts/redis-url'
import { probeRedis } from '#queue/hosts/probe-redis'
import { readApiConfig, type ApiConfig } from '../../api/config.ts'
import { readWorkerConfig } from '../../worker/config.ts'
import { readKit } from '../../generator/verify/kit.ts'
import type { ModelConfig } from '../../generator/llm/config.ts'
import { chooseSandbox } from '../../generator/sandbox/choose-sandbox.ts'
import { defaultStack } from '../../generator/stacks/registry.ts'
import { checkStore } from './check-store.ts'
import type { Finding } from './findings.ts'
import { checkAccess, checkCallbacks } from './check-access.ts'
import { checkModel } from './check-model.ts'
import { checkTraces, checkLogs, checkMetrics, checkRetention } from './check-retention.ts'
import { checkPort, probeDisk } from './probes.ts'
import { CHATS, checkChat, checkDisk, checkNode, sandboxFinding } from './checks.ts'

const { kitDirectory, nodeEngines } = defaultStack

export type RunChecksInput = {
  readonly machine: Machine
  /** Version of the Node that runs generated projects, such as `v24.21.0`. */
  readonly nodeVersion: string
  readonly signal: AbortSignal
  /** Determines whether a model is still available. */
  readonly now: Date
}

/** Checks everything that the service depends on. Changes nothing and never prints credentials. */
export async function runChecks({ machine, nodeVersion, signal, now }: RunChecksInput): Promise<Finding[]> {
  const { env } = machine
  const node = checkNode(nodeVersion, nodeEngines)
  const settings = readSettings(env)
  if ('problem' in settings)
    return [
      node,
      {
        name: 'Settings',
        state: 'broken',
        detail: settings.problem,
        advice: 'See .env.example for all settings.',
      },
    ]
  const { api, sandbox, model } = settings
  return [
    node,
    { name: 'Settings', state: 'ok', detail: 'all variables are valid' },
    ...(await Promise.all([
      guarded('Queue', () => checkQueue(api, env['PATH'] ?? '', signal)),
      guarded('Kit', () => checkKit(kitDirectory)),
      guarded('Sandbox', () => checkSandbox(machine, sandbox, signal)),
      guarded('OpenAI', () => checkModel(model, { now, signal })),
    ])),
    checkAccess(api, now),
    ...CHATS.map((chat) => checkChat(env, chat)),
    checkCallbacks(api.webhookSecrets, env['PUBLIC_URL']),
    checkLogs(api.log),
    checkMetrics(api),
    ...(await Promise.all([
      guarded('Store', () => checkStore(api, signal)),
      guarded('Retention', async () => checkRetention(api.keep, await probeDisk(api.dataDir))),
      guarded('Temporary', async () => checkDisk('Temporary', await probeDisk(machine.tempDirectory))),
      guarded('Traces', () => checkTraces(api.telemetry)),
      guarded('Port', () => checkPort(api)),
    ])),
  ]
}

/** A check that throws becomes a finding, so that the others are still reported. */
async function guarded(name: string, check: () => Promise<Finding>): Promise<Finding> {
  try {
    return await check()
  } catch (error) {
    return { name, state: 'broken', detail: error instanceof Error ? error.message : String(error) }
  }
}

function readSettings(
  env: Machine['env'],
):
  | { api: ApiConfig; sandbox: 'auto' | 'bubblewrap' | 'none'; model: ModelConfig | null }
  | { problem: string } {
  const problems = new Set<string>()
  const read = <T>(reader: () => T): T | null => {
    try {
      return reader()
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error
      for (const line of error.message.split('\n')) problems.add(line)
      return null
    }
  }
  const api = read(() => readApiConfig(env))
  const worker = read(() => readWorkerConfig(env))
  return api && worker
    ? { api, sandbox: worker.sandbox, model: worker.model }
    : { problem: [...problems].join('\n') }
}

async function checkQueue(
  { redisUrl, production }: ApiConfig,
  searchPath: string,
  signal: AbortSignal,
): Promise<Finding> {
  const name = 'Queue'
  if (redisUrl !== undefined) {
    const target = parseRedisUrl(redisUrl)
    const { version } = await probeRedis({ target, log: makeLog({ level: 'silent' }), signal })
    return { name, state: 'ok', detail: `${target.description} (version ${version}), from REDIS_URL` }
  }
  const found = await findRedisServer(searchPath)
  if ('path' in found)
    return {
      name,
      state: 'ok',
      detail: `${found.name} ${found.version} from the PATH, started as a child process`,
    }
  const advice = 'Set REDIS_URL, or install redis-server (apt install redis-server, brew install redis).'
  return production
    ? {
        name,
        state: 'broken',
        detail: `REDIS_URL is not set, ${found.problem}, and NODE_ENV=production does not allow the embedded queue`,
        advice,
      }
    : {
        name,
        state: 'ok',
        detail: `embedded, because ${found.problem}; for a single process and light load`,
        advice,
      }
}

export async function checkKit(directory: string): Promise<Finding> {
  try {
    const { installed, nodeModules } = await readKit(directory)
    return {
      name: 'Kit',
      state: 'ok',
      detail: `${Object.keys(installed.packages).length} packages in ${nodeModules}`,
    }
  } catch (error) {
    return {
      name: 'Kit',
      state: 'weak',
      detail: error instanceof Error ? error.message : String(error),
      advice:
        'A worker installs it on first start, which requires an npm registry. To install it now: npm run kit:install',
    }
  }
}

async function checkSandbox(
  { nodePath, tempDirectory, env, platform, userId }: Machine,
  setting: 'auto' | 'bubblewrap' | 'none',
  signal: AbortSignal,
): Promise<Finding> {
  const chosen = await chooseSandbox({
    setting,
    nodePath,
    kitDirectory,
    tempDirectory,
    searchPath: env['PATH'] ?? '',
    platform,
    userId,
    signal,
  })
  return sandboxFinding(chosen, platform)
}
