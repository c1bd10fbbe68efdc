import type { GateReport } from '#contract'
import type { HandlerSpec } from '../../stacks/stack.ts'
import { only } from '../write/shared-helpers.ts'
import type { Failing } from './blame.ts'
import type { TryOnly } from './trials.ts'

type Handlers = Readonly<Record<string, string>>

/**
 * Finds the handlers at fault where the diagnostics name none: tries them in halves, with stubs in place of all others. First
 * those that fail by themselves; only if each passes by itself, those that fail on top of others. Empty if the project
 * fails without any handler. Null if no more can be tried and nothing was found.
 */
export async function isolate(input: {
  readonly specs: readonly HandlerSpec[]
  readonly handlers: Handlers
  readonly tryOnly: TryOnly
}): Promise<readonly Failing[] | null> {
  const { handlers, tryOnly } = input
  // A helper is tried with what calls it.
  const specs = input.specs.filter(({ kind }) => kind !== 'helper')
  const tryOf = (some: readonly HandlerSpec[]) => tryOnly(only(handlers, some))
  let isOver = false
  const hasFailed = (found: GateReport | null): found is GateReport => {
    isOver ||= found === null
    return found !== null && !found.passed
  }

  if (hasFailed(await tryOf([]))) return []

  /** Of a group that fails, those that fail by themselves. */
  const alone = async (group: readonly HandlerSpec[], found: GateReport): Promise<Failing[]> => {
    if (group.length === 1) return [{ spec: group[0]!, diagnostics: found.diagnostics }]
    const failing: Failing[] = []
    for (const half of halves(group)) {
      const result = await tryOf(half)
      if (hasFailed(result)) failing.push(...(await alone(half, result)))
    }
    return failing
  }
  /** Of a group, those that fail on top of `base`; `base` grows by the others. */
  const together = async (base: HandlerSpec[], group: readonly HandlerSpec[]): Promise<Failing[]> => {
    const found = await tryOf([...base, ...group])
    if (!hasFailed(found)) {
      base.push(...group)
      return []
    }
    if (group.length === 1)
      return [{ spec: group[0]!, diagnostics: found.diagnostics, isTogether: true as const }]
    const failing: Failing[] = []
    for (const half of halves(group)) failing.push(...(await together(base, half)))
    return failing
  }

  const whole = await tryOf(specs)
  if (!hasFailed(whole)) return isOver ? null : []
  const failing = await alone(specs, whole)
  if (failing.length > 0) return failing
  const mixed = isOver ? [] : await together([], specs)
  return mixed.length > 0 ? mixed : null
}

function halves<T>(list: readonly T[]): (readonly T[])[] {
  const middle = Math.ceil(list.length / 2)
  return [list.slice(0, middle), list.slice(middle)]
}
