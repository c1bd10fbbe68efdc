import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { cp, mkdir, readdir, readFile, rm, symlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { decodeSnapshot } from '../jobs/queue/hosts/embedded/snapshot.ts'
import { findProgram } from '../generator/sandbox/runtime.ts'
import { DRAW_PICTURE } from './support/draw-picture.ts'
import { EVERYTHING } from './support/everything.ts'
import { run, runToEnd, signalGroup } from './support/process.ts'
import { freePort } from './support/ports.ts'
import { ROOT, archive, ended, post, temporaryFolder } from './support/service.ts'
import { unpack } from './support/unpack.ts'

/** A machine with only Bun: `bun install && bun run start`, as in the README. */

const BUN = join(ROOT, 'test/peers/bun/node_modules/@oven/bun-linux-x64/bin/bun')
const hasBun = existsSync(BUN)
const why = hasBun ? '' : ' (skipped: npm ci --ignore-scripts --prefix test/peers/bun)'

const npmSetting = async (name: string): Promise<string> =>
  (await promisify(execFile)('npm', ['config', 'get', name])).stdout.trim()

async function openMachine() {
  await using stack = new AsyncDisposableStack()
  const home = stack.use(await temporaryFolder('bun'))
  const bin = join(home.path, 'bin')
  const clone = join(home.path, 'clone')
  for (const folder of [bin, clone]) await mkdir(folder)
  await symlink(BUN, join(bin, 'bun'))
  for (const program of ['sh', 'env'])
    await symlink((await findProgram(program, '/usr/bin:/bin'))!, join(bin, program))
  const { stdout } = await promisify(execFile)(
    'git',
    ['ls-files', '--cached', '--others', '--exclude-standard', '-z'],
    { cwd: ROOT },
  )
  for (const path of stdout.split('\0').filter((name) => name !== '' && existsSync(join(ROOT, name)))) {
    await mkdir(dirname(join(clone, path)), { recursive: true })
    await cp(join(ROOT, path), join(clone, path))
  }
  const registry = await npmSetting('registry')
  const env = {
    HOME: home.path,
    PATH: bin,
    BUN_CONFIG_REGISTRY: registry,
    npm_config_registry: registry,
    npm_config_cache: await npmSetting('cache'),
  }
  const opened = stack.move()
  return {
    home: home.path,
    install: () => runToEnd('bun', ['install', '--no-progress'], { cwd: clone, env: { ...env } }),
    async start(words: readonly string[]) {
      const port = await freePort()
      const dataDir = join(home.path, `data-${port}`)
      const service = opened.use(
        run(BUN, words, {
          cwd: clone,
          env: { ...env, PORT: String(port), DATA_DIR: dataDir, LOG_LEVEL: 'warn' },
        }),
      )
      await service.line(/API +on +http/)
      return { ...service, dataDir, url: `http://127.0.0.1:${port}` }
    },
    clone,
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}

describe.skipIf(!hasBun)(`a machine with only Bun${why}`, () => {
  let machine: Awaited<ReturnType<typeof openMachine>>
  beforeAll(async () => {
    machine = await openMachine()
    await machine.install()
  }, 300_000)
  afterAll(() => machine?.[Symbol.asyncDispose](), 60_000)

  // With Bun itself, as on systems without a Node package; in the soak with the Node of a package as well.
  it.each([
    ['bun --bun run start', ['--bun', 'run', 'start']],
    ...(EVERYTHING ? [['bun run start', ['run', 'start']] as const] : []),
  ] as const)(
    '%s: a prompt becomes a verified archive, and Ctrl-C shuts down cleanly',
    async (_, words) => {
      // The first start installs the kit's packages without npm.
      await rm(join(machine.clone, 'generator/stacks/fastify/kit/node_modules'), {
        recursive: true,
        force: true,
      })
      const service = await machine.start(words)
      const jobId = await post(service.url, { prompt: 'a todo app' })
      const job = await ended(service.url, jobId, 120_000)
      expect(job).toMatchObject({ state: 'completed', report: { verification: { passed: true } } })
      expect(job.report!.verification.gates.filter(({ status }) => status !== 'passed')).toEqual([])
      const into = join(machine.home, jobId)
      await unpack(await archive(service.url, jobId), into)
      expect(await readdir(into)).toHaveLength(1)
      signalGroup(service.child, 'SIGINT')
      // Bun forwards the signal, so it arrives twice and may end a shell in between: check what is left behind.
      await service.exited
      expect(service.output()).toMatch(/Stopping…\s*$/)
      expect(await readdir(service.dataDir)).not.toContain('service.json')
    },
    240_000,
  )

  it('Node can read a queue that Bun wrote', async () => {
    const file = join(machine.home, 'of-bun')
    const script = `import { encodeSnapshot } from './jobs/queue/hosts/embedded/snapshot.ts'
      require('node:fs').writeFileSync(${JSON.stringify(file)}, encodeSnapshot([]))`
    await runToEnd(BUN, ['-e', script], { cwd: machine.clone })
    const bytes = await readFile(file)
    expect(() => decodeSnapshot(bytes)).toThrow('it was written by a service that ran on Bun')
  }, 60_000)

  it('the picture of a plan is drawn', async () => {
    const printed = await runToEnd(BUN, ['-e', DRAW_PICTURE], { cwd: machine.clone })
    expect(printed).toContain('drawn: PNG 80x40')
  }, 60_000)

  it('the doctor names the Node that runs generated code', async () => {
    const printed = await run(BUN, ['cli/doctor-main.ts'], { cwd: machine.clone, env: { PATH: '' } })
    await printed.exited
    expect(printed.output()).toMatch(/Node +v24\.\d+\.\d+; requires/)
  }, 60_000)
})
