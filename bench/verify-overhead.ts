import { execPath } from 'node:process'
import { median, ms, table } from './figures.ts'
import { openTodoProject } from './todo-project.ts'
import { measureFloor } from './verify-floor.ts'

const MOST = 1.15

/**
 * The overhead of verification over the commands that it runs: every gate of a project in this machine's sandbox, against the
 * bare type-check beside one bare process that boots it, requests /health and runs its tests. Measured in turn, each first
 * every other time, so that a slow machine slows both. Once for a project of templates, which a judge in a
 * separate process starts and checks, and once for one with model-written code, where the judge replays the tests
 * as well, compared to another bare process that does the same.
 */
export async function verifyOverhead({ runs }: { readonly runs: number }): Promise<string> {
  const plain = await measure(runs, false)
  const written = await measure(runs, true)
  return `${plain}\n\n${written}`
}

async function measure(runs: number, withOperation: boolean): Promise<string> {
  await using todo = await openTodoProject({ withOperation })
  const { files, kit, project, scratch, sandbox, verify, replay } = todo
  const floor = (repeated: typeof replay) => async () =>
    (await measureFloor({ project, nodePath: execPath, tsc: kit.tsc, scratch, replay: repeated })).ms
  const stage = (given: typeof files) => async () => {
    const started = performance.now()
    const report = await verify({ files: given, signal: AbortSignal.timeout(60_000) })
    if (!report.passed) throw new Error(`The todo project failed: ${JSON.stringify(report.diagnostics)}`)
    return performance.now() - started
  }
  const trusted = files.map((file) => ({ ...file, origin: 'template' as const }))
  const measured = {
    ...(withOperation && {
      'bare, without repeating': floor(undefined),
      'verify, without repeating': stage(trusted),
    }),
    'the same commands, bare': floor(replay),
    verify: stage(files),
  }
  const took = new Map<string, number[]>(Object.keys(measured).map((name) => [name, []]))
  // One extra round: the first warms the disk cache for all.
  for (let round = 0; round <= runs; round += 1) {
    const order = Object.entries(measured)
    if (round % 2 === 0) order.reverse()
    for (const [name, run] of order) {
      const time = await run()
      if (round > 0) took.get(name)!.push(time)
    }
  }
  const floors = took.get('the same commands, bare')!
  const ratios = took.get('verify')!.map((one, index) => one / floors[index]!)
  const row = (name: string, values: readonly number[], show: (value: number) => string) => [
    name,
    ...[Math.min(...values), median(values), Math.max(...values)].map(show),
  ]
  const middle = (name: keyof typeof measured) => median(took.get(name)!)
  const what = withOperation ? 'the todo project with an operation that a model wrote' : 'the todo project'
  const repeating = () => {
    const bare = middle('the same commands, bare') - middle('bare, without repeating')
    return `Repeating its tests from outside costs ${ms(middle('verify') - middle('verify, without repeating'))}, and bare ${ms(bare)}.`
  }
  return [
    `Verifying ${what}, ${runs} paired runs (sandbox: ${sandbox.description})`,
    table([
      ['', 'min', 'median', 'max'],
      ...[...took].map(([name, values]) => row(name, values, ms)),
      row('ratio', ratios, (ratio) => ratio.toFixed(2)),
    ]),
    ...(withOperation ? [repeating()] : []),
    `The median ratio is to stay within ${MOST}: ${median(ratios) <= MOST ? 'it does' : 'IT DOES NOT'}.`,
  ].join('\n')
}
