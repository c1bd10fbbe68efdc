import { execPath } from 'node:process'
import { measureFloor } from './verify-floor.ts'
import { median, ms, table } from './figures.ts'
import { openTodoProject } from './todo-project.ts'

/**
 * What verifying adds to the commands that it runs: every gate over the todo project in the sandbox of this machine,
 * against the bare type-check beside one bare process that boots it, asks /health and runs its tests. Taken in turns,
 * each first every other time, so that a machine that slows down slows both.
 */
export async function verifyOverhead({ runs }: { readonly runs: number }): Promise<string> {
  await using todo = await openTodoProject()
  const { files, kit, project, scratch, sandbox, verify } = todo
  const floor = () =>
    measureFloor({ project, nodePath: execPath, tsc: kit.tsc, scratch }).then((found) => found.ms)
  const stage = async () => {
    const started = performance.now()
    const report = await verify({ files, signal: AbortSignal.timeout(60_000) })
    if (!report.passed) throw new Error(`The todo project failed: ${JSON.stringify(report.diagnostics)}`)
    return performance.now() - started
  }
  const floors: number[] = []
  const stages: number[] = []
  // One round more than is counted: the first warms the disk's cache for both.
  for (let round = 0; round <= runs; round += 1) {
    const order = round % 2 === 0 ? [floor, stage] : [stage, floor]
    const took = new Map<() => Promise<number>, number>()
    for (const measure of order) took.set(measure, await measure())
    if (round === 0) continue
    floors.push(took.get(floor)!)
    stages.push(took.get(stage)!)
  }
  const ratios = stages.map((one, index) => one / floors[index]!)
  const row = (name: string, values: readonly number[], show: (value: number) => string) => [
    name,
    ...[Math.min(...values), median(values), Math.max(...values)].map(show),
  ]
  return [
    `Verifying the todo project, ${runs} paired runs (sandbox: ${sandbox.description})`,
    table([
      ['', 'min', 'median', 'max'],
      row('verify', stages, ms),
      row('the same commands, bare', floors, ms),
      row('ratio', ratios, (ratio) => ratio.toFixed(2)),
    ]),
    `The median ratio is to stay within 1.15: ${median(ratios) <= 1.15 ? 'it does' : 'IT DOES NOT'}.`,
  ].join('\n')
}
