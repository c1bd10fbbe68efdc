import type { Conformance, Gate, GateReport } from '#contract'
import { skipped, toGate, type Diagnostic, type GateResult } from './outcome.ts'
import { RUN_STAGES } from './runner-messages.ts'

/** Enough for one of each file of a large project. */
const MAX_DIAGNOSTICS = 60

/** In the order of the report. */
const GATES: readonly Gate['name'][] = [
  'paths',
  'unpack',
  'dependencies',
  'secrets',
  'code',
  'types',
  'install',
  ...RUN_STAGES,
]

export type GateRecorder = ReturnType<typeof makeGateRecorder>

/** Collects results in any order and reports them in a fixed one. */
export function makeGateRecorder() {
  const gates = new Map<Gate['name'], Gate>()
  const found = new Map<Gate['name'], readonly Diagnostic[]>()
  let tests: GateReport['tests'] = { passed: 0, failed: 0, skipped: 0 }
  let conformance: Conformance | null = null

  const add = (name: Gate['name'], verdict: GateResult, ms: number): void => {
    gates.set(name, toGate(name, verdict, ms))
    found.set(name, verdict.diagnostics)
  }
  return {
    add,
    time(name: Gate['name'], check: () => GateResult): GateResult {
      const started = performance.now()
      const verdict = check()
      add(name, verdict, performance.now() - started)
      return verdict
    },
    count(counts: GateReport['tests']): void {
      tests = counts
    },
    compare(found: Conformance | null): void {
      conformance = found
    },
    /** Gates without a result are skipped for `reason`. */
    report(sandbox: GateReport['sandbox'], reason: string): GateReport {
      // Only a project from a document has answers to compare.
      const names = GATES.filter((name) => name !== 'conformance' || gates.has(name))
      const all = names.map((name) => gates.get(name) ?? toGate(name, skipped(reason), 0))
      return {
        passed: all.every((gate) => gate.status !== 'failed'),
        gates: all,
        tests,
        ...(conformance && { conformance }),
        sandbox,
        diagnostics: fairShare(GATES.flatMap((name) => found.get(name) ?? [])),
      }
    },
  }
}

/** The first ones, but of each file at least the first: one that fails a lot must not hide the others. */
function fairShare(all: readonly Diagnostic[]): Diagnostic[] {
  const first = new Map<string, Diagnostic>()
  for (const one of all) {
    const key = `${one.gate} ${one.file}`
    if (!first.has(key)) first.set(key, one)
  }
  const kept = new Set([...first.values()].slice(0, MAX_DIAGNOSTICS))
  for (const one of all) if (kept.size < MAX_DIAGNOSTICS) kept.add(one)
  return all.filter((one) => kept.has(one))
}
