import type { HandlerSpec } from '../../stacks/stack.ts'
import type { Built } from '../repair.ts'
import type { Written } from '../write-handlers.ts'
import { blame } from './blame.ts'

/**
 * Repair without a model: replaces failing handlers by stubs, and records gaps, until the project passes or no handler is
 * left. Handlers that the diagnostics name are replaced first.
 */
export async function revertToStubs(input: {
  readonly specs: readonly HandlerSpec[]
  readonly written: Written
  readonly built: Built
  readonly build: (handlers: Written['handlers']) => Promise<Built>
  readonly signal: AbortSignal
}): Promise<{ readonly written: Written; readonly built: Built }> {
  const { specs, build, signal } = input
  const { notes } = input.written
  let { handlers } = input.written
  const gaps = [...input.written.gaps]
  let { built } = input
  while (!built.verification.passed && Object.keys(handlers).length > 0) {
    signal.throwIfAborted()
    const left = specs.filter(({ id }) => Object.hasOwn(handlers, id))
    const blamed = blame(built, left).map(({ spec }) => spec)
    const dropped = blamed.length > 0 ? blamed : left
    const ids = new Set(dropped.map(({ id }) => id))
    gaps.push(...dropped.map(({ title }) => ({ operation: title, reason: REASON })))
    handlers = Object.fromEntries(Object.entries(handlers).filter(([id]) => !ids.has(id)))
    built = await build(handlers)
  }
  return { written: { handlers, notes, gaps }, built }
}

const REASON =
  'Its code from the previous version does not fit this one, and there was no language model to rewrite it.'
