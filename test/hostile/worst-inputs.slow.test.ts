import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { JobView } from '#contract'
import { WORST_CASES, type WorstCase } from '../../worker/generate/design/testing/worst-cases.ts'
import { EVERYTHING } from '../support/everything.ts'
import { descendants } from '../support/descendants.ts'
import { run } from '../support/process.ts'
import { ROOT, ended, post, temporaryFolder, view } from '../support/service.ts'
import { openChats, reached, startProbed } from './worst-service.ts'

/** Projects of more than a hundred tables: minutes of type-checking on a busy machine. Those are cancelled. */
const LARGE = ['tables that need each other', 'tables of many columns', 'many things with fields']
/** Much like others of the list, and complete: each is a verification, which is what takes the time here. */
const ALIKE = [
  'many required names',
  'many values of an enum',
  'many tags',
  'many comments',
  'many indexes',
  'signs in a default',
  'brackets of names',
  'many commas',
  'spaces',
  'quotes',
  'one long word',
]
const MAX_CHARS = 1_000_000

/** Every other one; the soak has all. */
const isChosen = (at: number) => EVERYTHING || at % 2 === 0
const distinct = WORST_CASES.filter(({ name }) => ![...LARGE, ...ALIKE].includes(name))
const inputs = distinct
  .filter((_, at) => isChosen(at))
  .map((worst) => ({
    ...worst,
    text: worst.text(worst.most).slice(0, MAX_CHARS),
  }))
const named = (wanted: string) => {
  const worst: WorstCase = WORST_CASES.find(({ name }) => name === wanted)!
  return { prompt: 'build it', spec: worst.text(worst.most) }
}
const requestOf = ({ kind, text }: { kind: string; text: string }) =>
  kind === 'prompt' ? { prompt: text } : { prompt: 'build it', spec: text }

/** How a job may end, whatever was in its document. */
const REFUSED = /^(spec_invalid|spec_unsupported|too_complex|nothing_readable|design_invalid)$/

/** The longest time that the main thread may compute without a pause: the API answers nothing in it. */
const MAX_TURN_MS = 100

describe('inputs of up to 1 MB that are expensive to read', { timeout: 600_000 }, () => {
  it('hold neither the API nor a neighbour, and end in an archive or a sentence', async () => {
    expect(inputs.length).toBeGreaterThanOrEqual(20)
    await using chats = await openChats()
    await using data = await temporaryFolder('worst')
    await using service = await startProbed({
      dataDir: data.path,
      env: { ...chats.env, WORKER_CONCURRENCY: '3' },
    })
    const { url } = service
    await chats.connected()

    // What the machine takes for ordinary jobs: the first one loads and compiles what all need.
    await ended(url, await post(url, { prompt: 'a todo app' }))
    await service.look()
    await ended(url, await post(url, { prompt: 'a todo app' }))
    const ordinary = await service.look()

    const waiting = [...inputs]
    const attached = waiting.splice(0, 6)
    const byCommand = waiting.splice(0, 1)[0]!
    const jobs = new Map<string, string>()
    const submitted = (async () => {
      for (const [index, one] of waiting.entries()) {
        jobs.set(await post(url, requestOf(one)), one.name)
        if (index === 2) jobs.set(await post(url, { prompt: 'a library with books' }), 'neighbour')
      }
    })()
    const inChats = (async () => {
      for (const [index, { name, text }] of attached.entries()) {
        const attach = index % 2 === 0 ? chats.attachInSlack : chats.attachInDiscord
        jobs.set(await attach(url, 'api.json', text), name)
      }
    })()
    const file = join(data.path, 'worst.txt')
    await writeFile(file, byCommand.text)
    await using command = run(
      process.execPath,
      ['cli/main.ts', 'build it', '--spec', file, '--api', url, '--out', join(data.path, 'out')],
      { cwd: ROOT, env: {} },
    )
    await Promise.all([submitted, inChats])

    const views: JobView[] = []
    for (const jobId of jobs.keys()) {
      views.push(await ended(url, jobId, 500_000))
      expect((await fetch(`${url}/health`)).status).toBe(200)
    }
    const worst = await service.look()
    expect(worst.longestMs).toBeLessThan(Math.max(MAX_TURN_MS, 3 * ordinary.longestMs))

    const unclear = views.flatMap(({ jobId, state, error, attempt }) =>
      attempt === 1 && (state === 'completed' || isClear(error))
        ? []
        : [{ name: jobs.get(jobId), state, error, attempt }],
    )
    expect(unclear).toEqual([])
    expect(views.filter(({ state }) => state === 'failed').length).toBeGreaterThan(10)
    const neighbour = views.find(({ jobId }) => jobs.get(jobId) === 'neighbour')
    expect(neighbour).toMatchObject({ state: 'completed', attempt: 1 })

    const { code } = await command.exited
    expect([0, 1]).toContain(code)
    expect(command.output()).toMatch(code === 0 ? /tests passed/ : /^Failed: .*\.$/m)
    expect(command.output()).not.toMatch(/^ +at /m)
  })

  it('are cancelled and stopped at once, and take no later start down', async () => {
    await using data = await temporaryFolder('worst')
    const env = { WORKER_CONCURRENCY: '2' }
    let jobs: string[]
    {
      await using service = await startProbed({ dataDir: data.path, env })
      const { url } = service

      // While it is read, and while what became of it is checked.
      const verified = await post(url, named('tables of many columns'))
      await reached(url, verified, 'verify')
      await expect.poll(() => busy(service.child.pid!), { timeout: 60_000 }).not.toEqual([])
      expect((await service.cancel(verified)).status).toBe(200)
      expect(await ended(url, verified, 20_000)).toMatchObject({ state: 'cancelled' })
      const read = await post(url, named('a list in a list'))
      await reached(url, read, 'design')
      await service.cancel(read)
      expect(await ended(url, read, 20_000)).toMatchObject({ state: 'cancelled' })

      // Nothing of them runs on: what is left are processes that wait.
      await expect.poll(() => busy(service.child.pid!), { timeout: 30_000 }).toEqual([])

      jobs = [await post(url, named('a list in a list')), await post(url, named('tables of many columns'))]
      await reached(url, jobs[1]!, 'verify')
      jobs.push(await post(url, named('many keys in YAML')), await post(url, { prompt: 'a todo app' }))
      const all = await descendants(service.child.pid!)
      service.child.kill('SIGTERM')
      const first = await Promise.race([
        once(service.child, 'exit'),
        // Longer than any step of stopping waits by itself.
        sleep(30_000, 'still running', { ref: false }),
      ])
      expect(first).toEqual([0, null])
      await expect.poll(() => alive(all), { timeout: 10_000 }).toEqual([])
    }

    await using again = await startProbed({ dataDir: data.path, env })
    await again.cancel(jobs[1]!)
    const views = await Promise.all(jobs.map((jobId) => ended(again.url, jobId)))
    expect(views.map(({ state, error }) => error?.code ?? state)).toEqual([
      'spec_invalid',
      'cancelled',
      'spec_invalid',
      'completed',
    ])
    // Stopping in good order costs no attempt.
    expect(views.map(({ attempt }) => attempt).filter((attempt) => attempt > 1)).toEqual([])
    expect((await view(again.url, jobs[3]!)).archive).not.toBeNull()
  })
})

/** A sentence that says what was wrong, with nothing of the machine in it. */
function isClear(error: JobView['error']): boolean {
  if (error === null || error === undefined || !REFUSED.test(error.code)) return false
  return /^[A-Z].*[.!?]"?$/s.test(error.message) && !/ at .*:\d+:\d+|\/(home|work|tmp)\//.test(error.message)
}

async function alive(pids: readonly number[]): Promise<number[]> {
  const found = await Promise.all(pids.map(async (pid) => ((await ticks(pid)) === null ? [] : [pid])))
  return found.flat()
}

/** Those below a process that compute: their time goes on while nothing asks for anything. */
async function busy(pid: number): Promise<number[]> {
  const pids = await descendants(pid)
  const before = await Promise.all(pids.map(ticks))
  await sleep(500)
  const after = await Promise.all(pids.map(ticks))
  // A tick is a hundredth of a second; waiting takes one or two.
  return pids.filter((_, at) => after[at]! - before[at]! > 5)
}

/** The computing time of a process in the kernel's ticks; null once it has ended. Linux only. */
async function ticks(pid: number): Promise<number | null> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null)
  if (stat === null) return null
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return fields[0] === 'Z' ? null : Number(fields[11]) + Number(fields[12])
}
