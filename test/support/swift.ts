import { access, copyFile, mkdir, writeFile } from 'node:fs/promises'
import { createConnection } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { run, runToEnd, signalGroup, type Running } from './process.ts'
import { freePort } from './ports.ts'
import { ROOT, temporaryFolder } from './service.ts'

/** Credentials of a tempauth user; signatures are checked against them. */
export const SWIFT_KEYS = { accessKeyId: 'test:tester', secretAccessKey: 'testing' }
const PROGRAMS = ['swift-proxy-server', 'swift-ring-builder'].map((name) => `/usr/bin/${name}`)

export const hasSwift = (): Promise<boolean> =>
  Promise.all(PROGRAMS.map((path) => access(path))).then(
    () => true,
    () => false,
  )

/**
 * OpenStack Swift with its S3 API, from the Debian package: one disk, one replica, in a temporary folder, on loopback only.
 * With `conditional: false` it is unpatched and rejects conditional writes.
 */
export async function startSwift(
  options: { readonly conditional?: boolean } = {},
): Promise<AsyncDisposable & { readonly endpoint: string }> {
  await using stack = new AsyncDisposableStack()
  const { path: home } = stack.use(await temporaryFolder('swift'))
  const port = await freePort()
  const filter = options.conditional === false ? '' : 'conditional_put '
  await mkdir(join(home, 'disks', 'sdb'), { recursive: true })
  await copyFile(join(ROOT, 'test/peers/s3/conditional_put.py'), join(home, 'conditional_put.py'))

  const servers = ['account', 'container', 'object'] as const
  const programs: Running[] = []
  const env = { PYTHONPATH: home }
  for (const server of servers) {
    const own = await freePort()
    const builder = join(home, `${server}.builder`)
    for (const args of [['create', '8', '1', '0'], ['add', `r1z1-127.0.0.1:${own}/sdb`, '1'], ['rebalance']])
      await runToEnd('/usr/bin/swift-ring-builder', [builder, ...args])
    await writeFile(join(home, `${server}.conf`), storageServer(server, home, own))
    programs.push(run(`/usr/bin/swift-${server}-server`, [join(home, `${server}.conf`), '-v'], { env }))
  }
  await writeFile(join(home, 'proxy.conf'), proxyServer(home, port, filter))
  programs.push(run('/usr/bin/swift-proxy-server', [join(home, 'proxy.conf'), '-v'], { env }))
  for (const { child, exited } of programs)
    stack.defer(async () => {
      // It exits slowly, and has nothing to save.
      signalGroup(child, 'SIGKILL')
      await exited
    })
  await listens(port, programs)
  const owned = stack.move()
  return { endpoint: `http://127.0.0.1:${port}`, [Symbol.asyncDispose]: () => owned.disposeAsync() }
}

const common = (home: string, port: number) => `[DEFAULT]
bind_ip = 127.0.0.1
bind_port = ${port}
workers = 0
user = root
swift_dir = ${home}
log_address = ${home}/no-syslog
`

const storageServer = (
  server: string,
  home: string,
  port: number,
) => `${common(home, port)}devices = ${home}/disks
mount_check = false
fallocate_reserve = 0

[pipeline:main]
pipeline = ${server}-server

[app:${server}-server]
use = egg:swift#${server}
recon_cache_path = ${home}
`

const proxyServer = (home: string, port: number, filter: string) => `${common(home, port)}
[pipeline:main]
pipeline = catch_errors gatekeeper healthcheck cache listing_formats bulk ${filter}s3api tempauth slo dlo proxy-server

[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true

[filter:conditional_put]
paste.filter_factory = conditional_put:filter_factory

# It has to be in the pipeline; nothing is cached, since no memcached listens there.
[filter:cache]
use = egg:swift#memcache
memcache_servers = 127.0.0.1:1

[filter:tempauth]
use = egg:swift#tempauth
user_test_tester = testing .admin

[filter:s3api]
use = egg:swift#s3api
location = us-east-1
check_bucket_owner = false
s3_acl = false

${['catch_errors', 'gatekeeper', 'healthcheck', 'listing_formats', 'bulk', 'slo', 'dlo']
  .map((name) => `[filter:${name}]\nuse = egg:swift#${name}\n`)
  .join('\n')}`

async function listens(port: number, programs: readonly Running[]): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    const open = await new Promise<boolean>((done) => {
      const socket = createConnection(port, '127.0.0.1')
      socket.once('connect', () => (socket.destroy(), done(true)))
      socket.once('error', () => done(false))
    })
    if (open) return
    const ended = programs.find(({ child }) => child.exitCode !== null)
    if (ended !== undefined) throw new Error(`Swift ended:\n${ended.output()}`)
    await sleep(100)
  }
  throw new Error(`Swift does not listen:\n${programs.map((program) => program.output()).join('\n')}`)
}
