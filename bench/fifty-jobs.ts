import { execFile } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { pid } from 'node:process'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { median, ms, table } from './figures.ts'
import { openTodoProject } from './todo-project.ts'

const run = promisify(execFile)

type BenchResources = {
  readonly processes: number
  readonly mounts: number
  readonly folders: number
  readonly groups: number
  readonly descriptors: number
  readonly rssMb: number
}

/** Resource leaks of a worker over many jobs: the todo project is verified `jobs` times in sequence. */
export async function fiftyJobs({ jobs = 50, warmJobs = 5 } = {}): Promise<string> {
  await using todo = await openTodoProject()
  // The first runs load code and fill pools, which is not a leak.
  for (let warm = 0; warm < warmJobs; warm += 1) await verifyOnce(todo)
  const before = await belongings(todo.temp)
  const rss: number[] = []
  const took: number[] = []
  for (let job = 0; job < jobs; job += 1) {
    const started = performance.now()
    await verifyOnce(todo)
    took.push(performance.now() - started)
    rss.push((await belongings(todo.temp)).rssMb)
  }
  const after = await belongings(todo.temp)
  const names = ['processes', 'mounts', 'folders', 'groups', 'descriptors'] as const
  const fifth = Math.max(1, Math.floor(jobs / 5))
  const growth = median(rss.slice(-fifth)) - median(rss.slice(0, fifth))
  const clean = names.every((name) => after[name] <= before[name])
  return [
    `${jobs} jobs one after another (sandbox: ${todo.sandbox.description}, median ${ms(median(took))})`,
    table([
      ['', 'before', 'after'],
      ...names.map((name) => [name, String(before[name]), String(after[name])]),
      ['resident memory', `${before.rssMb.toFixed(1)} MB`, `${after.rssMb.toFixed(1)} MB`],
    ]),
    `Resident memory, last ${fifth} against first ${fifth}: ${growth >= 0 ? '+' : ''}${growth.toFixed(1)} MB.`,
    `Nothing is to be left behind: ${clean && growth < 10 ? 'nothing is' : 'SOMETHING IS'}.`,
  ].join('\n')
}

async function verifyOnce({ verify, files }: Awaited<ReturnType<typeof openTodoProject>>): Promise<void> {
  const report = await verify({ files, signal: AbortSignal.timeout(60_000) })
  if (!report.passed) throw new Error(`The todo project failed: ${JSON.stringify(report.diagnostics)}`)
}

async function belongings(temp: string): Promise<BenchResources> {
  collectGarbage()
  await delay(20)
  const count = async (folder: string) => (await readdir(folder).catch(() => [])).length
  const lines = (text: string) => text.split('\n').filter((line) => line.trim() !== '').length
  const found = (program: string, ...args: string[]) =>
    run(program, args).then(
      ({ stdout }) => lines(stdout),
      () => 0,
    )
  // In sequence: each is briefly a child, and `pgrep` excludes only itself.
  const own = await found('pgrep', '--parent', String(pid))
  const sandboxed = await found('pgrep', '--full', temp)
  const groups = await found('find', '/sys/fs/cgroup', '-maxdepth', '6', '-name', `backend-verify-${pid}-*`)
  return {
    processes: own + sandboxed,
    mounts: (await readFile('/proc/self/mounts', 'utf8').catch(() => '')).split('\n').length,
    folders: await count(temp),
    groups,
    descriptors: await count('/proc/self/fd'),
    rssMb: process.memoryUsage.rss() / 1e6,
  }
}

/** Requires a Node flag, which can be set at run time. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc')
  ;(runInNewContext('gc') as () => void)()
}
