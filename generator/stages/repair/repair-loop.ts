import type { Once } from '../../attempt/checkpoint.ts'
import { hasTimedOut } from '../../attempt/verification-error.ts'
import type { HandlerSpec } from '../../stacks/stack.ts'
import type { CodeOutcome } from '../write/request-code.ts'
import type { Gap, Written } from '../write-handlers.ts'
import { only, withoutHelper, withoutIdleHelpers } from '../write/shared-helpers.ts'
import { blame, isInItsFile, partnersOf, signatureOf, type Failing } from './blame.ts'
import { isolate } from './isolate.ts'
import type { Disputes, Examples } from './disputes.ts'
import { makeTrials, type Build, type Built } from './trials.ts'

/** Rounds in which failing handlers are written again. */
const MAX_ROUNDS = 3

export type Repaired = {
  readonly written: Written
  readonly built: Built
  readonly rounds: number
  /** Those that were changed, of the handlers that are left. */
  readonly examples: Examples
}
/** Asks for the code of failing handlers again. */
export type Rewrite = (
  failing: readonly Failing[],
  built: Built,
  handlers: Written['handlers'],
) => Promise<readonly { readonly failing: Failing; readonly outcome: CodeOutcome }[]>

type Dropped = {
  readonly spec: HandlerSpec
  readonly reason: string
  /** The tests that failed, unless the file itself has a fault. */
  readonly failedIn?: readonly string[]
}

/**
 * Makes a project pass its gates by changing nothing but handlers. Failing ones are written again, for at most three rounds.
 * One whose failure repeats, or that fails after the last round, becomes a stub and a gap, but only if it also fails with
 * stubs in place of all others. Where the diagnostics name no handler, handlers are tried apart.
 *
 *   failing ──► rewritten ──► verified ──► passed
 *      ▲             └───────────┤
 *      └── new diagnostics ──────┴── the same, or no round left ──► fails alone ──► stub, gap
 */
export async function repairLoop(input: {
  readonly specs: readonly HandlerSpec[]
  readonly written: Written
  readonly built: Built
  readonly build: Build
  readonly once: Once
  readonly signal: AbortSignal
  /** Null where there is no model: failing handlers become stubs at once. */
  readonly rewrite: Rewrite | null
  readonly disputes: Disputes | null
  readonly reasonOf: (failing: Failing) => string
  readonly onDetail: (detail: string) => void
  readonly onDrop: (dropped: Dropped) => void
}): Promise<Repaired> {
  const { signal, rewrite, disputes, reasonOf } = input
  let { handlers, notes } = input.written
  const gaps: Gap[] = [...input.written.gaps]
  let { built } = input
  let rounds = 0
  let hasRepeated = false
  const seen = new Set<string>()
  /** Their code passes by itself. */
  const cleared = new Set<string>()
  const present = () =>
    input.specs.filter(({ id }) => Object.hasOwn(handlers, id)).map((spec) => disputes?.current(spec) ?? spec)
  const examples = (): Examples =>
    Object.fromEntries(
      Object.entries(disputes?.examples() ?? {}).filter(([id]) => Object.hasOwn(handlers, id)),
    )
  const build = (some: Written['handlers']) => input.build(some, examples())
  const depends = () => [input.specs, examples()]
  const trials = makeTrials({ build, depends, once: input.once })
  const drop = (some: readonly Dropped[]) => {
    const dropped = withUsers(some, present())
    const ids = new Set(dropped.map(({ spec }) => spec.id))
    const left = Object.fromEntries(Object.entries(handlers).filter(([id]) => !ids.has(id)))
    handlers = dropped.length === 0 ? handlers : withoutIdleHelpers(left, input.specs)
    notes = notes.filter((note) => !dropped.some(({ spec }) => note.startsWith(`${spec.title}: `)))
    for (const one of dropped) {
      if (one.spec.kind !== 'helper') gaps.push({ operation: one.spec.title, reason: one.reason })
      input.onDrop(one)
    }
  }
  const addNote = ({ title }: HandlerSpec, text: string) => {
    const note = `${title}: ${text}`
    if (text !== '' && !notes.includes(note)) notes = [...notes, note]
  }
  /** Those that fail without the others too; the others are not blamed for anything again. */
  const confirm = async (candidates: readonly Failing[]): Promise<readonly Failing[]> => {
    const guilty: Failing[] = []
    for (const one of candidates) {
      signal.throwIfAborted()
      if (!one.isTogether && !isInItsFile(one)) {
        input.onDetail(`checking ${one.spec.title} without the others`)
        const alone = await trials.tryOnly(only(handlers, [one.spec]))
        if (alone?.passed) {
          cleared.add(one.spec.id)
          continue
        }
      }
      guilty.push(one)
    }
    return guilty
  }
  const find = async (): Promise<readonly Failing[] | null> => {
    const blamed = blame(
      built,
      present().filter(({ id }) => !cleared.has(id)),
    )
    if (blamed.length > 0) return blamed
    input.onDetail(`finding out which of ${present().length} does not pass its checks`)
    return isolate({ specs: present(), handlers, tryOnly: trials.tryOnly })
  }

  while (!built.verification.passed && present().length > 0) {
    signal.throwIfAborted()
    // A busy machine is no fault of the code: time is given once more before anything is blamed.
    if (hasTimedOut(built.verification) && !hasRepeated) {
      hasRepeated = true
      built = await build(handlers)
      continue
    }
    trials.remember(handlers, built.verification)
    const found = await find()
    if (found === null) {
      drop(present().map((spec) => ({ spec, reason: UNCLEAR })))
      built = await build(handlers)
      continue
    }
    // It fails without any handler as well.
    if (found.length === 0) break

    const before = handlers
    const isOpen = rewrite !== null && rounds < MAX_ROUNDS
    const keyOf = (one: Failing) => `${one.spec.id} ${signatureOf(one.diagnostics)}`
    const isNew = (one: Failing) => !seen.has(keyOf(one))
    const asked = isOpen ? found.filter(isNew) : []
    const repeated = found.filter((one) => !asked.includes(one))
    // A helper and what calls it fail alike: the other is asked before either is given up.
    const settled = new Set(asked.map(({ spec }) => spec.id))
    for (const one of isOpen ? repeated : []) {
      const partners = partnersOf(one, present()).filter(isNew)
      if (partners.length > 0) settled.add(one.spec.id)
      asked.push(...partners.filter(({ spec }) => !asked.some((other) => other.spec.id === spec.id)))
    }
    const keys = new Map([...found, ...asked].map((one) => [one, keyOf(one)]))
    for (const key of keys.values()) seen.add(key)
    if (isOpen) rounds += 1
    const final = await confirm(repeated.filter(({ spec }) => !settled.has(spec.id)))
    drop(final.map((one) => droppedOf(one, reasonOf(one))))

    let hasOtherExamples = false
    if (rewrite !== null && asked.length > 0) {
      const lost = new Map<Failing, string>()
      for (const { failing, outcome } of await rewrite(asked, built, handlers)) {
        const { id } = failing.spec
        const objection = outcome.kind === 'failed' ? null : outcome.objection
        const settled = objection && ((await disputes?.settle(failing, objection)) ?? null)
        if (settled) {
          // It is asked again, with the verdict, or the other example.
          seen.delete(keys.get(failing)!)
          hasOtherExamples ||= settled.note !== null
          addNote(failing.spec, settled.note ?? '')
        }
        if (outcome.kind === 'written') {
          handlers = { ...handlers, [id]: outcome.code }
          cleared.delete(id)
          addNote(failing.spec, outcome.notes)
        } else if (!settled) lost.set(failing, reasonAfter(reasonOf(failing), outcome))
      }
      const dropped = await confirm([...lost.keys()])
      drop(dropped.map((one) => droppedOf(one, lost.get(one)!)))
    }
    // What passes by itself changed nothing, and is known already.
    if (handlers !== before || hasOtherExamples) built = await build(handlers)
  }
  return { written: { handlers, notes, gaps }, built, rounds, examples: examples() }
}

const droppedOf = (one: Failing, reason: string): Dropped => ({
  spec: one.spec,
  reason,
  failedIn: isInItsFile(one) ? [] : one.diagnostics.flatMap(({ file }) => file ?? []),
})

/** What calls a helper falls with it; where only tests failed, it is what failed that falls. */
function withUsers(dropped: readonly Dropped[], present: readonly HandlerSpec[]): readonly Dropped[] {
  const all = new Map(dropped.map((one) => [one.spec.id, one]))
  for (const { spec, reason, failedIn = [] } of dropped) {
    if (spec.kind !== 'helper') continue
    const users = present.filter(({ id }) => spec.users?.some((user) => user.id === id))
    const failed = users.filter(({ testPaths }) => testPaths.some((path) => failedIn.includes(path)))
    if (failed.length > 0) all.delete(spec.id)
    for (const user of failed.length > 0 ? failed : users)
      if (!all.has(user.id)) all.set(user.id, { spec: user, reason: withoutHelper(spec, reason) })
  }
  return [...all.values()]
}

const UNCLEAR = 'The project did not pass its checks with the code that the model wrote.'

function reasonAfter(found: string, outcome: Exclude<CodeOutcome, { kind: 'written' }>): string {
  return outcome.kind === 'declined' ? outcome.reason : `${found} It could not be repaired: ${outcome.reason}`
}
