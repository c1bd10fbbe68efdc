import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { GenerateResponse, JobView } from '#contract'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { descendants } from '../support/descendants.ts'
import { DRAW_PICTURE } from '../support/draw-picture.ts'
import { runToEnd } from '../support/process.ts'
import { ROOT } from '../support/service.ts'
import { unpack } from '../support/unpack.ts'
import { readRepositoryFile } from './compose-file.ts'
import { healthy, openTeam, PATIENCE, SERVICES } from './team.ts'

/**
 * Emulates `docker compose --profile chat up` without an engine: images built from the Dockerfile, then every service of
 * docker-compose.yml with its command, environment, user, read-only root, tmpfs mounts and volumes.
 */

const missing = await firstMissing()
const why = missing === null ? '' : ` (skipped: needs Linux, root and ${missing})`
async function firstMissing(): Promise<string | null> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'bwrap'
  for (const program of ['bwrap', 'redis-server', 'setpriv', 'nsenter', 'prlimit']) {
    const found = await runToEnd(program, ['--version']).catch(() => null)
    if (found === null) return program
  }
  return null
}

describe.skipIf(missing !== null)(`a team's installation, as docker compose would run it${why}`, () => {
  let team: Awaited<ReturnType<typeof openTeam>>
  beforeAll(async () => {
    team = await openTeam()
  }, 600_000)
  afterAll(() => team?.[Symbol.asyncDispose](), 120_000)

  const authorized = () => ({ authorization: `Bearer ${team.key}`, 'content-type': 'application/json' })
  const filesOf = async (name: string) => {
    const all = await filesIn(join(team.images.get(name)!.root, 'app'))
    return all.filter((path) => !path.includes('node_modules'))
  }

  test.each(['api', 'worker', 'bots'])(
    '%s: no tests, doubles, hostile programs or fixtures are in it',
    async (name) => {
      const files = await filesOf(name)
      expect(files).toContain('contract/index.ts')
      const unwanted = files.filter((path) =>
        /\.test\.|(^|\/)(testing|attacks|fixtures|peers|bench)(\/|$)/.test(path),
      )
      // The kit's tests are copied into generated projects.
      expect(unwanted.filter((path) => !path.startsWith('generator/stacks/fastify/kit/files/'))).toEqual([])
    },
  )

  test.each(['api', 'worker', 'bots'])('%s: no development package is in it', async (name) => {
    const lockfile = JSON.parse(await readRepositoryFile('package-lock.json')) as {
      packages: Record<string, { dev?: boolean }>
    }
    const development = Object.keys(lockfile.packages).filter((path) => lockfile.packages[path]!.dev)
    expect(development).toContain('node_modules/vitest')
    const installed = new Set(await filesIn(join(team.images.get(name)!.root, 'app/node_modules')))
    expect(installed).toContain('fastify')
    expect(development.filter((path) => installed.has(path.slice('node_modules/'.length)))).toEqual([])
  })

  test('the worker contains every file that is copied into generated projects', async () => {
    const kit = 'generator/stacks/fastify/kit/files'
    const there = (await filesOf('worker')).filter((path) => path.startsWith(`${kit}/`))
    const ours = (await readdir(join(ROOT, kit), { recursive: true })).map((path) => `${kit}/${path}`)
    expect(there.toSorted()).toEqual(ours.toSorted())
  })

  describe('every service, started in order', () => {
    beforeAll(async () => {
      for (const service of team.services) await team.start(service)
    }, 180_000)

    test('is looked at here', () => {
      expect(team.services.map(({ name }) => name).toSorted()).toEqual(SERVICES.toSorted())
    })

    test.each(SERVICES)('%s passes its health check', { timeout: 360_000 }, async (name) => {
      await expect(healthy(team.service(name), team.network)).resolves.toBeDefined()
    })

    test.each(SERVICES)('%s can write to its volumes and memory disks, and nowhere else', async (name) => {
      const { container, mounts } = team.service(name)
      const write = (path: string) =>
        team.network
          .run({ ...container, argv: ['/bin/sh', '-c', `touch ${path}/.written && rm ${path}/.written`] })
          .then(
            () => 'written',
            (error: Error) => /Read-only file system/.exec(error.message)?.[0] ?? error.message,
          )
      const outcomes = async (paths: readonly string[]) => [...new Set(await Promise.all(paths.map(write)))]
      expect(await outcomes(['/tmp', ...Object.values(mounts)])).toEqual(['written'])
      expect(
        await outcomes(
          [container.workdir, '/home/node', '/var/tmp', '/'].filter(
            (path) => !Object.values(mounts).includes(path),
          ),
        ),
      ).toEqual(['Read-only file system'])
    })

    test('a job goes from POST /generate-backend to its archive', { timeout: 480_000 }, async () => {
      const asked = await team.network.fetch('http://127.0.0.1:8080/generate-backend', {
        method: 'POST',
        headers: authorized(),
        body: JSON.stringify({ prompt: 'a todo app', options: { designer: 'offline' } }),
      })
      expect({ status: asked.status, body: asked.body.toString() }).toMatchObject({ status: 202 })
      const { jobId } = GenerateResponse.parse(JSON.parse(asked.body.toString()))
      const get = (path: string) =>
        team.network.fetch(`http://127.0.0.1:8080${path}`, { headers: authorized() })
      const job = await vi.waitFor(async () => {
        const view = JobView.parse(JSON.parse((await get(`/jobs/${jobId}`)).body.toString()))
        expect(['waiting', 'active']).not.toContain(view.state)
        return view
      }, PATIENCE)
      expect(job).toMatchObject({ state: 'completed', report: { verification: { passed: true } } })
      // Nothing is skipped: the sandbox works as the worker's user, with a read-only root.
      const { gates, sandbox } = job.report!.verification
      expect({ sandbox, statuses: [...new Set(gates.map(({ status }) => status))] }).toEqual({
        sandbox: 'bubblewrap',
        statuses: ['passed'],
      })
      const unpacked = join(team.home, 'unpacked')
      await unpack((await get(`/jobs/${jobId}/archive`)).body, unpacked)
      const [folder] = await readdir(unpacked)
      expect(JSON.parse(await readFile(join(unpacked, folder!, 'package.json'), 'utf8'))).toHaveProperty(
        'scripts.start',
      )
    })

    test('a command in Slack gets its archive in the thread', { timeout: 480_000 }, async () => {
      await team.slack.line(/^acknowledged$/m)
      const [, name = ''] = await team.slack.line(/^archive (\S+)$/m)
      const unpacked = join(team.home, 'from-slack')
      await unpack(await readFile(join(team.slackFolder, name)), unpacked)
      expect(await readdir(unpacked)).toHaveLength(1)
    })

    test('the doctor in the worker finds nothing broken', { timeout: 240_000 }, async () => {
      const { container } = team.service('worker')
      const printed = await team.network.run({ ...container, argv: ['node', 'cli/doctor-main.ts'] })
      expect(printed).toMatch(/Sandbox.*bubblewrap/)
    })

    test('the picture of a plan is drawn where threads are written', { timeout: 240_000 }, async () => {
      const { container } = team.service('deliver')
      const argv = ['node', '--eval', DRAW_PICTURE]
      expect(await team.network.run({ ...container, argv })).toContain('drawn: PNG 80x40')
    })

    test.each(['bots', 'deliver', 'worker', 'api'])(
      '%s stops in good order',
      { timeout: 240_000 },
      async (name) => {
        const program = team.running.get(name)!
        const { argv } = team.service(name).container
        process.kill(await processOf(program.child.pid!, argv), 'SIGTERM')
        await program.exited
        expect(program.output()).toMatch(/Stopping…\n$/)
        expect(program.output()).not.toMatch(/"level":[56]0/)
      },
    )
  })
})

/** All files and folders below a folder, as relative paths. */
const filesIn = (folder: string) => readdir(folder, { recursive: true })

/** The descendant process that runs a command. */
async function processOf(pid: number, argv: readonly string[]): Promise<number> {
  for (const candidate of await descendants(pid))
    if ((await readFile(`/proc/${candidate}/cmdline`, 'utf8')) === `${argv.join('\0')}\0`) return candidate
  throw new Error(`${argv.join(' ')} does not run`)
}
