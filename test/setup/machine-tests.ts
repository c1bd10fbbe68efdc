import { readFileSync, writeFileSync } from 'node:fs'
import type { Reporter, TestModule } from 'vitest/node'

/** What looks for the programs of a machine and goes on without them. */
const LOOKS_FOR_PROGRAMS = ['/generator/sandbox/choose-sandbox.ts', '/jobs/queue/hosts/redis-executable.ts']

/** The slow tests of the full machine do the same, and more. */
const COVERED = new Set([
  'test/hostile/hostile.test.ts',
  'test/smoke-chats.test.ts',
  'worker/notify/notifier-discord.test.ts',
  'worker/notify/notifier.test.ts',
])

type Graph = NonNullable<TestModule['viteEnvironment']>['moduleGraph']
type Node = ReturnType<Graph['getModuleById']>

/**
 * Writes down, for `MACHINE_TESTS_TO`, which test files may end differently on a machine with other programs: those of
 * which something was skipped, and those that import what looks for programs. `.ci/run` repeats them on the full machine,
 * where one of the list that did not run is a failure.
 */
export class MachineTestsReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const missing = (machineTests() ?? []).filter(
      (file) => !modules.some(({ relativeModuleId }) => relativeModuleId === file),
    )
    for (const file of missing) console.log(`${file} was to be repeated on this machine, and did not run.`)
    if (missing.length > 0) process.exitCode = 1
    const path = process.env['MACHINE_TESTS_TO']
    if (!path) return
    const files = modules.filter(
      (module) => hasSkipped(module) || (looksForPrograms(module) && !COVERED.has(module.relativeModuleId)),
    )
    writeFileSync(path, files.map(({ relativeModuleId }) => `${relativeModuleId}\n`).join(''))
  }
}

/** The files that `MACHINE_TESTS_FROM` lists; null where it is not set, which means all. Throws for an empty list. */
export function machineTests(): string[] | null {
  const path = process.env['MACHINE_TESTS_FROM']
  if (!path) return null
  const files = readFileSync(path, 'utf8').split('\n').filter(Boolean)
  if (files.length === 0) throw new Error(`${path} lists no test file; it is written by a run of npm test.`)
  return files
}

const hasSkipped = (module: TestModule): boolean =>
  [...module.children.allTests()].some((test) => test.result().state === 'skipped')

function looksForPrograms({ moduleId, viteEnvironment }: TestModule): boolean {
  const seen = new Set<Node>()
  const look = (node: Node): boolean => {
    if (!node || seen.has(node)) return false
    seen.add(node)
    return LOOKS_FOR_PROGRAMS.some((end) => node.file?.endsWith(end)) || [...node.importedModules].some(look)
  }
  return look(viteEnvironment?.moduleGraph.getModuleById(moduleId))
}
