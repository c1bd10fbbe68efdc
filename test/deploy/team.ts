import { execFile } from 'node:child_process'
import { chmod, chown, cp, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { vi } from 'vitest'
import { APP_TOKEN, BOT_TOKEN } from '../../bots/testing/slack/slack-world.ts'
import { type Running } from '../support/process.ts'
import { ROOT, temporaryFolder } from '../support/service.ts'
import { readRepositoryFile } from './compose-file.ts'
import { composeServices, type ComposeService } from './compose-services.ts'
import { addPrograms, makeDebian } from './image/base-image.ts'
import { buildImages, type Image } from './image/build-images.ts'
import { containerCommand, type Container } from './image/container.ts'
import { readDockerfile } from './image/read-dockerfile.ts'
import { openNetwork, type Network } from './network.ts'

const run = promisify(execFile)

export const PATIENCE = { timeout: 60_000, interval: 100 }
/** The services of docker-compose.yml. */
export const SERVICES = ['redis', 'api', 'worker', 'deliver', 'bots']
/** Output of each service when it is ready. */
const READY: Readonly<Record<string, RegExp>> = {
  redis: /Ready to accept connections/,
  api: /^API on/m,
  worker: /^Worker on/m,
  deliver: /^Worker on/m,
  bots: /Slack +on/,
}

async function npmSetting(name: string): Promise<string> {
  const { stdout } = await run('npm', ['config', 'get', name], { cwd: ROOT })
  return stdout.trim()
}

/** Images by the names in compose-services.ts: those of the Dockerfile, and Redis. */
async function buildAll(into: string): Promise<ReadonlyMap<string, Image>> {
  const [cache, registry, cafile] = await Promise.all(['cache', 'registry', 'cafile'].map(npmSetting))
  await mkdir(into)
  const images = await buildImages({
    context: ROOT,
    stages: readDockerfile(await readRepositoryFile('Dockerfile')),
    into,
    node: process.execPath,
    hosts: SERVICES,
    npm: {
      cache: cache!,
      env: {
        npm_config_registry: registry!,
        npm_config_prefer_offline: 'true',
        ...(cafile !== 'null' && { npm_config_cafile: cafile! }),
      },
    },
  })
  const root = join(into, 'redis')
  await makeDebian(root, SERVICES)
  await addPrograms(root, ['redis-server', 'redis-cli'])
  await mkdir(join(root, 'data'))
  await chown(join(root, 'data'), 999, 1000)
  images.set('redis', {
    root,
    user: 'redis',
    workdir: '/data',
    env: { PATH: '/usr/bin' },
    cmd: [],
    healthcheck: [],
  })
  return images
}

/** Builds the images and creates a network; only a fake Slack runs yet. */
export async function openTeam() {
  await using stack = new AsyncDisposableStack()
  const home = stack.use(await temporaryFolder('production'))
  // Unprivileged users must be able to traverse it.
  await chmod(home.path, 0o711)
  const images = await buildAll(join(home.path, 'images'))
  const network: Network = stack.use(await openNetwork())

  const slackFolder = join(home.path, 'slack-archives')
  await mkdir(slackFolder)
  const slack = stack.use(
    network.start([process.execPath, 'test/deploy/slack-main.ts', slackFolder, 'a library with books'], {
      cwd: ROOT,
    }),
  )
  const [, slackUrl = ''] = await slack.line(/Slack on (\S+)/)
  // As docs/operate/operating.md says, with nothing but the images.
  const keys = await Promise.all(
    [
      ['ci', 'generate,read'],
      ['bots', 'bot'],
    ].map(([name, scopes]) => createKey(images.get('api')!, network, name!, scopes!)),
  )
  const volumes = join(home.path, 'volumes')
  await mkdir(volumes)
  const services = composeServices({
    text: await readRepositoryFile('docker-compose.yml'),
    images,
    dotEnv: {
      API_KEYS: keys.map(({ line }) => line).join(','),
      API_KEY: keys[1]!.key,
      SLACK_BOT_TOKEN: BOT_TOKEN,
      SLACK_APP_TOKEN: APP_TOKEN,
      SLACK_API_URL: slackUrl,
      LOG_LEVEL: 'warn',
    },
    volume: (name) => join(volumes, name),
  })
  const running = new Map<string, Running>()
  const opened = stack.move()
  return {
    images,
    network,
    services,
    service: (name: string) => services.find((service) => service.name === name)!,
    running,
    slack,
    slackFolder,
    key: keys[0]!.key,
    home: home.path,
    async start(service: ComposeService): Promise<void> {
      for (const [name, path] of Object.entries(service.mounts)) {
        // A new volume starts with the contents and owner of that path in the image.
        await cp(join(service.container.root, path), join(volumes, name), { recursive: true, force: false })
        await keepOwner(join(service.container.root, path), join(volumes, name))
      }
      for (const other of service.dependsOn) await healthy(this.service(other), network)
      const program = opened.use(network.start(containerCommand(service.container)))
      running.set(service.name, program)
      await program.line(READY[service.name]!)
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}

async function keepOwner(from: string, to: string): Promise<void> {
  await run('chown', [`--reference=${from}`, to])
  await run('chmod', [`--reference=${from}`, to])
}

/** `docker compose run --rm --no-deps api node cli/keys-main.ts create NAME` */
async function createKey(image: Image, network: Network, name: string, scopes: string) {
  const argv = ['node', 'cli/keys-main.ts', 'create', name, '--scopes', scopes]
  const printed = await network.run(containerOf(image, argv))
  const [, key = ''] = /^ +(bgk_\S+)$/m.exec(printed)!
  const [, line = ''] = /^ +API_KEYS=(\S+)$/m.exec(printed)!
  return { key, line }
}

const containerOf = (image: Image, argv: readonly string[]): Container => ({
  ...image,
  user: 1000,
  group: 1000,
  readOnly: true,
  memoryDisks: [],
  volumes: [],
  argv,
})

/** Waits until the health check passes. */
export const healthy = (service: ComposeService, network: Network) =>
  vi.waitFor(() => network.run({ ...service.container, argv: service.healthcheck }), PATIENCE)
