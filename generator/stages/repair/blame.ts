import type { GateReport } from '#contract'
import type { ProjectFile } from '../../ports.ts'
import type { HandlerSpec } from '../../stacks/stack.ts'

type Diagnostic = GateReport['diagnostics'][number]

/** A handler at fault, and what was found. */
export type Failing = {
  readonly spec: HandlerSpec
  readonly diagnostics: readonly Diagnostic[]
  /** It passes by itself, and not together with others. */
  readonly isTogether?: true
}

/**
 * The handlers that the diagnostics are about: by the test that failed, then by the handlers that the stack trace names, or by
 * the line that calls one. A shared helper is meant where it is the innermost file of the trace that a model wrote. A gate that
 * ran out of time is about nobody: it names where the run was, not what kept it.
 */
export function blame(
  built: { readonly files: readonly ProjectFile[]; readonly verification: GateReport },
  specs: readonly HandlerSpec[],
): Failing[] {
  const { gates, diagnostics } = built.verification
  const late = new Set<string>(gates.filter(({ timedOut }) => timedOut).map(({ name }) => name))
  const contents = new Map(built.files.map(({ path, content }) => [path, content]))
  const found = new Map<HandlerSpec, Diagnostic[]>()
  for (const one of diagnostics) {
    if (late.has(one.gate)) continue
    for (const spec of guiltyOf(one, specs, contents)) found.set(spec, [...(found.get(spec) ?? []), one])
  }
  return specs.flatMap((spec) => {
    const diagnostics = found.get(spec)
    return diagnostics === undefined ? [] : [{ spec, diagnostics }]
  })
}

function guiltyOf(
  { gate, file, line, message, trace = [] }: Diagnostic,
  specs: readonly HandlerSpec[],
  contents: ReadonlyMap<string, string>,
): readonly HandlerSpec[] {
  const files = new Set([file, ...trace.map((place) => place.file)])
  const tested = specs.filter(
    ({ kind, testPaths }) =>
      kind !== 'helper' && testPaths.some((path) => files.has(path) || message.includes(path)),
  )
  const running = specs.filter(({ path }) => files.has(path) || message.includes(path))
  const innermost = [...files].flatMap((path) => specs.filter((spec) => spec.path === path))[0]
  if (innermost?.kind === 'helper') return [innermost]
  // What one leaves running can fail in the test of another. Then the code that ran says more than the test.
  if (tested.length > 0)
    return running.length === 0 || tested.some((spec) => running.includes(spec)) ? tested : running
  if (running.length > 0) return running
  if (gate === 'tests' || file === null || line === null) return []
  const around = (contents.get(file) ?? '').split('\n').slice(Math.max(0, line - 4), line + 3)
  return specs.filter(({ functionName }) =>
    around.some((text) => new RegExp(`\\b${functionName}\\(`).test(text)),
  )
}

/** Whether what was found is a fault of the file itself, whatever else the project has. */
export const isInItsFile = ({ spec, diagnostics }: Failing): boolean =>
  diagnostics.some(({ gate, file }) => file === spec.path && (gate === 'types' || gate === 'code'))

/** Equal for equal failures, whatever lines, IDs and times they mention. Values that tests compare are not equal. */
export function signatureOf(diagnostics: readonly Diagnostic[]): string {
  const varying =
    /[0-9a-f]{8}-[0-9a-f-]{27}|\d{4}-\d\d-\d\dT[\d:.]+Z?|(?<=\.ts):\d+(?::\d+)?|\d+(?:\.\d+)? ?ms\b|\d{6,}/g
  const lines = diagnostics.map(({ gate, message }) => `${gate} ${message.replaceAll(varying, '#')}`)
  return [...new Set(lines)].sort().join('\n')
}

/**
 * Who else may be at fault where writing one again changed nothing: what a handler calls, or, of a helper, what failed that
 * calls it.
 */
export function partnersOf(
  { spec, diagnostics }: Failing,
  specs: readonly HandlerSpec[],
): readonly Failing[] {
  const isIn = (list: readonly { readonly id: string }[] | undefined, id: string) =>
    list?.some((one) => one.id === id) ?? false
  return specs.flatMap((other) => {
    if (isIn(spec.helpers, other.id)) return [{ spec: other, diagnostics }]
    const own = diagnostics.filter(({ file }) => file !== null && other.testPaths.includes(file))
    return isIn(spec.users, other.id) && own.length > 0 ? [{ spec: other, diagnostics: own }] : []
  })
}
