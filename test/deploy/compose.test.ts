import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { composeFaults, parseCompose, readRepositoryFile } from './compose-file.ts'
import { exampleVariables } from './env-example.ts'

const run = promisify(execFile)

const Service = z.looseObject({
  image: z.string(),
  command: z.array(z.string()).optional(),
  build: z.object({ context: z.string(), target: z.string() }).optional(),
  user: z.string().optional(),
  init: z.boolean().optional(),
  read_only: z.boolean().optional(),
  cap_drop: z.array(z.string()).default([]),
  security_opt: z.array(z.string()).default([]),
  ports: z.array(z.string()).default([]),
  volumes: z.array(z.string()).default([]),
  env_file: z.unknown().optional(),
  environment: z.record(z.string(), z.string()).default({}),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
  healthcheck: z.object({ test: z.array(z.string()) }).optional(),
  stop_grace_period: z.string().optional(),
  restart: z.string().optional(),
  mem_limit: z.string().optional(),
  pids_limit: z.number().optional(),
  logging: z.object({ options: z.record(z.string(), z.string()) }).optional(),
})
const Compose = z.looseObject({
  services: z.record(z.string(), Service),
  volumes: z.record(z.string(), z.null()),
})

const text = await readRepositoryFile('docker-compose.yml')
const dockerfile = await readRepositoryFile('Dockerfile')
const compose = Compose.parse(parseCompose(text))
const { redis, api, worker, deliver, bots } = compose.services as Record<string, z.infer<typeof Service>>
if (!redis || !api || !worker || !deliver || !bots)
  throw new Error('docker-compose.yml lacks redis, api, worker, deliver or bots')
const programs = [
  ['api', api],
  ['worker', worker],
] as const
const services = [['redis', redis], ...programs, ['deliver', deliver], ['bots', bots]] as const

const hasCompose = await run('docker', ['compose', 'version']).then(
  () => true,
  () => false,
)

/** The value of a redis-server option. */
const redisOption = (name: string) => redis.command![redis.command!.indexOf(`--${name}`) + 1]

describe('the compose file', () => {
  test('fits the Compose Specification', () => {
    expect(composeFaults(parseCompose(text))).toEqual([])
  })

  test.each([
    ['a misspelt key', text.replace('read_only: true', 'readonly: true'), /additional properties/],
    ['a list where text belongs', text.replace('restart: unless-stopped', 'restart: [always]'), /restart/],
    ['a service without a body', `${text}\nnetworks: [a]`, /networks/],
    [
      'an env_file entry with an unknown key',
      text.replaceAll('required: false', 'optional: true'),
      /env_file/,
    ],
  ])('is refused with %s', (_, broken, fault) => {
    expect(broken).not.toBe(text)
    expect(composeFaults(parseCompose(broken)).join('\n')).toMatch(fault)
  })

  // Without the compose plugin only the schema above is checked.
  if (hasCompose) {
    test('is read by docker compose', async () => {
      const root = new URL('../..', import.meta.url).pathname
      const { stdout } = await run('docker', ['compose', 'config', '--format', 'json'], { cwd: root })
      expect(Object.keys(JSON.parse(stdout).services).sort()).toEqual(['api', 'redis', 'worker'])
    })
  }

  test('uses only variables that .env.example explains', async () => {
    const used = [...text.matchAll(/\$\{([A-Z_]+)/g)].map((match) => match[1]!)
    expect(used).not.toEqual([])
    expect(exampleVariables(await readRepositoryFile('.env.example'))).toEqual(expect.arrayContaining(used))
  })

  test('declares every volume that it mounts', () => {
    const mounted = services.flatMap(([, service]) => service.volumes.map((volume) => volume.split(':')[0]))
    expect(Object.keys(compose.volumes).sort()).toEqual([...new Set(mounted)].sort())
  })
})

describe('redis', () => {
  test('writes an append-only file and never evicts keys', () => {
    expect(redisOption('appendonly')).toBe('yes')
    expect(redisOption('maxmemory-policy')).toBe('noeviction')
    expect(redis.volumes).toEqual(['redis:/data'])
  })

  test('is reachable from this machine only', () => {
    expect(redis.ports).toEqual(['127.0.0.1:6379:6379'])
  })

  test('starts alone for development', () => {
    expect(redis.depends_on).toEqual({})
    expect(redis.build).toBeUndefined()
  })

  test('is pinned to a minor version', () => {
    expect(redis.image).toMatch(/^redis:\d+\.\d+-alpine$/)
  })
})

describe.each(services)('%s', (name, service) => {
  test('runs without root, capabilities or a writable root file system', () => {
    expect(service.user).toMatch(/^[1-9]\d*:[1-9]\d*$/)
    expect(service.read_only).toBe(true)
    expect(service.cap_drop).toEqual(['ALL'])
    expect(service.security_opt).toContain('no-new-privileges:true')
  })

  test('is bounded in memory, processes and logs, and comes back after a crash', () => {
    expect(service.mem_limit).toMatch(/^\d+[mg]$/)
    expect(service.pids_limit).toBeGreaterThan(0)
    expect(service.logging?.options).toHaveProperty('max-size')
    expect(service.logging?.options).toHaveProperty('max-file')
    expect(service.restart).toBe('unless-stopped')
  })

  test('has a health check', () => {
    const stage =
      dockerfile.split(/^FROM /m).find((part) => part.includes(` AS ${service.build?.target ?? name}\n`)) ??
      ''
    expect(service.healthcheck ?? /^HEALTHCHECK (?!NONE)/m.exec(stage)).toBeTruthy()
  })
})

describe.each(programs)('%s', (name, service) => {
  test('takes its settings from .env, which need not exist', () => {
    expect(service.env_file).toEqual([{ path: '.env', required: false }])
  })

  test('shares the queue and the job store', () => {
    expect(service.environment).toMatchObject({
      NODE_ENV: 'production',
      REDIS_URL: 'redis://redis:6379',
      DATA_DIR: '/data',
    })
    expect(service.volumes).toEqual(['jobs:/data'])
    expect(service.depends_on).toEqual({ redis: { condition: 'service_healthy' } })
  })

  test('is built from its stage of the Dockerfile', () => {
    expect(service.build).toEqual({ context: '.', target: name })
    expect(dockerfile).toMatch(new RegExp(`^FROM \\S+ AS ${name}$`, 'm'))
  })
})

describe('api', () => {
  test('is published on this machine only, on the port of .env', () => {
    expect(api.ports).toEqual(['127.0.0.1:${PORT:-8080}:8080'])
    expect(api.environment).toMatchObject({ HOST: '0.0.0.0', PORT: '8080' })
  })

  test('never has the model key', () => {
    expect(api.environment.OPENAI_API_KEY).toBe('')
  })
})

describe('the chats', () => {
  const TOKENS = [
    'SLACK_BOT_TOKEN',
    'SLACK_APP_TOKEN',
    'SLACK_SIGNING_SECRET',
    'SLACK_CLIENT_SECRET',
    'SLACK_STATE_SECRET',
    'SLACK_STORE_KEY',
    'DISCORD_BOT_TOKEN',
  ]

  test('start only with their profile', () => {
    expect(deliver.profiles).toEqual(['chat', 'webhooks'])
    expect(bots.profiles).toEqual(['chat'])
    for (const service of [redis, api, worker]) expect(service).not.toHaveProperty('profiles')
  })

  test('keep their tokens from the process that runs model-written code, and from the API', () => {
    for (const service of [worker, api]) {
      for (const token of TOKENS) expect(service.environment[token]).toBe('')
    }
    expect(worker.environment['WORKER_ROLES']).toBe('generate')
    expect(deliver.environment['WORKER_ROLES']).toBe('deliver')
  })

  test('get secrets that no other service has', () => {
    for (const service of [worker, bots])
      for (const secret of ['LINK_SECRET', 'WEBHOOK_SECRET']) expect(service.environment[secret]).toBe('')
    for (const service of [worker, api]) expect(service.environment['API_KEY']).toBe('')
    expect(bots.environment['API_KEYS']).toBe('')
  })

  test('have no model key', () => {
    for (const service of [deliver, bots]) expect(service.environment['OPENAI_API_KEY']).toBe('')
  })

  test('store workspace grants in their own folder, writable by their user', () => {
    for (const service of [deliver, bots]) {
      expect(service.volumes).toContain('slack:/slack')
      expect(service.environment['SLACK_STORE_DIR']).toBe('/slack')
    }
    for (const service of [api, worker]) expect(service.volumes).toEqual(['jobs:/data'])
    expect(dockerfile).toMatch(/--owner=node .*\/slack\b/)
  })

  test('are published on this machine only, on the ports of .env', () => {
    expect(bots.ports).toEqual(['127.0.0.1:${SLACK_PORT:-3000}:3000', '127.0.0.1:${DISCORD_PORT:-3001}:3001'])
    expect(bots.environment).toMatchObject({ SLACK_HOST: '0.0.0.0', DISCORD_HOST: '0.0.0.0' })
  })

  test('run without a queue or a store', () => {
    expect(bots.volumes).not.toContain('jobs:/data')
    expect(bots.environment).not.toHaveProperty('REDIS_URL')
    expect(bots.depends_on).toEqual({ api: { condition: 'service_healthy' } })
    expect(bots.build).toEqual({ context: '.', target: 'bots' })
    expect(deliver.build).toEqual({ context: '.', target: 'worker' })
  })
})

describe('worker', () => {
  test('can be scaled', () => {
    expect(worker).not.toHaveProperty('container_name')
    expect(worker.ports).toEqual([])
  })

  test('may create the namespaces of its sandbox', () => {
    expect(worker.security_opt).toEqual([
      'no-new-privileges:true',
      'seccomp=./deploy/seccomp-bubblewrap.json',
      'systempaths=unconfined',
      'apparmor=unconfined',
    ])
    expect(worker).not.toHaveProperty('privileged')
    expect(worker).not.toHaveProperty('cap_add')
  })

  test('has a longer stop timeout than it needs to requeue its jobs', async () => {
    const example = await readRepositoryFile('.env.example')
    const grace = Number(/^#?\s*SHUTDOWN_GRACE_SECONDS=(\d+)$/m.exec(example)?.[1])
    expect(Number.parseInt(worker.stop_grace_period!, 10)).toBeGreaterThan(grace)
  })
})
