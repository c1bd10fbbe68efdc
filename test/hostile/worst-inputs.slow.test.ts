import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { JobView } from '#contract'
import { CONVERTED_WORST_CASES } from '../../generator/designers/testing/converted-worst-cases.ts'
import type { WorstCase } from '../../generator/designers/testing/worst-case.ts'
import { WORST_CASES } from '../../generator/designers/testing/worst-cases.ts'
import { EVERYTHING } from '../support/everything.ts'
import { descendants } from '../support/descendants.ts'
import { run } from '../support/process.ts'
import { ROOT, ended, post, temporaryFolder, view } from '../support/service.ts'
import { openChats, reached, startAndEndMs, startFloor, startProbed } from './worst-service.ts'

/** Projects with more than a hundred tables: minutes of type-checking on a busy machine, so cancelled. */
const LARGE = ['tables that need each other', 'tables of many columns', 'many things with fields']
/** Similar to others in the list, and complete: each costs a verification. */
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

/** Every seventh one; the soak runs all. */
const isChosen = (at: number) => EVERYTHING || at % 7 === 4
/** What is converted first is read by the same thread; `worst-cases.test.ts` has what it costs. */
const CONVERTED = CONVERTED_WORST_CASES.map(({ name }) => name)
const distinct = WORST_CASES.filter(({ name }) => ![...LARGE, ...ALIKE, ...CONVERTED].includes(name))
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

/** Allowed outcomes for any document. */
const REFUSED = /^(spec_invalid|spec_unsupported|too_complex|nothing_readable|design_invalid)$/

/** The maximum time that the main thread may block, during which the API does not respond. */
const MAX_TURN_MS = 100
/** The maximum event loop delay of the API (99th percentile). */
const MAX_P99_MS = 50
/** The maximum time of a cancel or shutdown. */
const END_MS = 2_000
/** On a busy machine: a multiple of the time an idle program takes to start and end, or an idle service to stop. */
const IDLE_PROGRAMS = 20
const IDLE_STOPS = 3
/** The most expensive document: 4 to 6 seconds of computing. */
const LONGEST = 'tabs in YAML'

describe('inputs of up to 1 MB that are expensive to read', { timeout: 600_000 }, () => {
  it('hold neither the API nor a neighbour, and end in an archive or a sentence', async () => {
    expect(inputs.length).toBeGreaterThanOrEqual(9)
    expect(Object.keys(Object.groupBy(inputs, formOf)).toSorted()).toEqual(['json', 'prompt', 'sql', 'yaml'])
    expect(inputs.filter(({ text }) => text.length > MAX_CHARS / 2).length).toBeGreaterThan(5)
    await using floor = await startFloor('idle')
    await using working = await startFloor('working')
    await using chats = await openChats()
    await using data = await temporaryFolder('worst')
    await using service = await startProbed({
      dataDir: data.path,
      env: { ...chats.env, WORKER_CONCURRENCY: '3' },
    })
    const { url } = service
    await chats.connected()

    // The first ones load and compile shared code.
    for (let at = 0; at < 2; at++) await ended(url, await post(url, { prompt: 'a todo app' }))
    await Promise.all([service.look(), floor.look(), working.look()])

    const waiting = [...inputs]
    const attached = waiting.splice(0, 4)
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
    const [worst, idle, slow] = [await service.look(), await floor.look(), await working.look()]
    // Neither counts other load on the machine; what load does to caches and clocks, it does to the floors as well.
    expect(worst.longestMs).toBeLessThan(Math.max(MAX_TURN_MS, 3 * slow.longestMs))
    expect(worst.ownP99Ms).toBeLessThan(Math.max(MAX_P99_MS, 3 * idle.ownP99Ms))

    const unclear = views.flatMap(({ jobId, state, error, attempt, report }) =>
      attempt === 1 && (state === 'completed' || isClear(error))
        ? []
        : [{ name: jobs.get(jobId), state, error, attempt, found: report?.verification.diagnostics }],
    )
    expect(unclear).toEqual([])
    expect(new Set(views.map(({ state }) => state))).toEqual(new Set(['completed', 'failed']))
    const neighbour = views.find(({ jobId }) => jobs.get(jobId) === 'neighbour')
    expect(neighbour).toMatchObject({ state: 'completed', attempt: 1 })

    const { code } = await command.exited
    expect([0, 1]).toContain(code)
    expect(command.output()).toMatch(code === 0 ? /tests passed/ : /^Failed: .*\.$/m)
    expect(command.output()).not.toMatch(/^ +at /m)
  })

  it('are cancelled at once, while they are read and while what became of them is verified', async () => {
    await using data = await temporaryFolder('worst')
    await using service = await startProbed({ dataDir: data.path, env: { WORKER_CONCURRENCY: '2' } })
    const { url } = service

    for (const [name, stage] of [
      [LONGEST, 'design'],
      ['tables of many columns', 'verify'],
    ] as const) {
      const jobId = await post(url, named(name))
      await reached(url, jobId, stage)
      const before = await computing(service)
      const floorMs = await startAndEndMs()
      const [ms, view] = await timed(async () => {
        expect((await service.cancel(jobId)).status).toBe(200)
        return ended(url, jobId)
      })
      expect(view).toMatchObject({ state: 'cancelled' })
      const [restMs] = await timed(() => resting(service, before))
      const most = Math.max(END_MS, IDLE_PROGRAMS * floorMs, IDLE_PROGRAMS * (await startAndEndMs()))
      expect(ms).toBeLessThan(most)
      expect(restMs - LOOK_MS).toBeLessThan(most)
      // Nothing keeps running: the remaining processes are idle.
      await expect.poll(() => busy(service.child.pid!), { timeout: 60_000 }).toEqual([])
    }
  })

  it('do not hold a stop while they are read', async () => {
    await using data = await temporaryFolder('worst')
    const env = { WORKER_CONCURRENCY: '1' }
    const idleMs = await stopOfIdle()
    let jobId: string
    {
      await using service = await startProbed({ dataDir: data.path, env })
      jobId = await post(service.url, named(LONGEST))
      await reached(service.url, jobId, 'design')
      await computing(service)
      const ms = await stop(service)
      expect(ms).toBeLessThan(Math.max(END_MS, IDLE_STOPS * idleMs))
    }
    await using again = await startProbed({ dataDir: data.path, env })
    // A graceful shutdown costs no attempt.
    expect(await ended(again.url, jobId)).toMatchObject({ error: { code: 'spec_invalid' }, attempt: 1 })
  })

  it.each(EVERYTHING ? ['where many wait'] : [])('hold no stop, and no later start, %s', async () => {
    await using data = await temporaryFolder('worst')
    const env = { WORKER_CONCURRENCY: '2' }
    const idleMs = await stopOfIdle()
    let jobs: string[]
    {
      await using service = await startProbed({ dataDir: data.path, env })
      const { url } = service
      jobs = [await post(url, named('a list in a list')), await post(url, named('tables of many columns'))]
      await reached(url, jobs[1]!, 'verify')
      jobs.push(await post(url, named('many keys in YAML')), await post(url, { prompt: 'a todo app' }))
      const ms = await stop(service)
      expect(ms).toBeLessThan(Math.max(END_MS, IDLE_STOPS * idleMs))
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
    expect(views.map(({ attempt }) => attempt).filter((attempt) => attempt > 1)).toEqual([])
    expect((await view(again.url, jobs[3]!)).archive).not.toBeNull()
  })
})

type Service = Awaited<ReturnType<typeof startProbed>>

/** The format of a document, one of four. */
function formOf({ kind, text }: { kind: string; text: string }): string {
  return kind !== 'openapi' ? kind : text.startsWith('{') ? 'json' : 'yaml'
}

/** Stops the service and its children gracefully with SIGTERM; returns the milliseconds it took. */
async function stop({ child }: Service): Promise<number> {
  const all = await descendants(child.pid!)
  const [ms, exit] = await timed(() => {
    child.kill('SIGTERM')
    return once(child, 'exit')
  })
  expect(exit).toEqual([0, null])
  await expect.poll(() => alive(all), { timeout: 10_000 }).toEqual([])
  return ms
}

/** The time to stop an idle service. */
async function stopOfIdle(): Promise<number> {
  await using data = await temporaryFolder('idle')
  await using service = await startProbed({ dataDir: data.path })
  return stop(service)
}

async function timed<T>(work: () => Promise<T>): Promise<[number, T]> {
  const started = performance.now()
  const result = await work()
  return [performance.now() - started, result]
}

/** The busy processes of the service, as soon as there are any. */
async function computing({ child }: Service): Promise<number[]> {
  let found: number[] = []
  await expect.poll(async () => (found = await busy(child.pid!)), { timeout: 60_000 }).not.toEqual([])
  return found
}

/** Resolves when none of the processes is busy. */
const resting = ({ child }: Service, pids: readonly number[]) =>
  expect
    .poll(async () => (await busy(child.pid!)).filter((pid) => pids.includes(pid)), { timeout: 60_000 })
    .toEqual([])

/** An error message without details of the machine. */
function isClear(error: JobView['error']): boolean {
  if (error === null || error === undefined || !REFUSED.test(error.code)) return false
  return /^[A-Z].*[.!?]"?$/s.test(error.message) && !/ at .*:\d+:\d+|\/(home|work|tmp)\//.test(error.message)
}

async function alive(pids: readonly number[]): Promise<number[]> {
  const found = await Promise.all(pids.map(async (pid) => ((await ticks(pid)) === null ? [] : [pid])))
  return found.flat()
}

/** The sampling time for busy processes. */
const LOOK_MS = 500

/** Busy descendants of a process: their CPU time increases without a request. */
async function busy(pid: number): Promise<number[]> {
  const pids = await descendants(pid)
  const before = await Promise.all(pids.map(ticks))
  await sleep(LOOK_MS)
  const after = await Promise.all(pids.map(ticks))
  // A tick is a hundredth of a second; an idle process uses one or two.
  return pids.filter((_, at) => after[at]! - before[at]! > 5)
}

/** The CPU time of a process in kernel ticks; null once it has ended. Linux only. */
async function ticks(pid: number): Promise<number | null> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null)
  if (stat === null) return null
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return fields[0] === 'Z' ? null : Number(fields[11]) + Number(fields[12])
}
