import type { Once } from '../../attempt/checkpoint.ts'
import type { HandlerSpec } from '../../stacks/stack.ts'
import type { Written } from '../write-handlers.ts'
import { repairLoop, type Repaired } from './repair-loop.ts'
import type { Build, Built } from './trials.ts'

/** Repair without a model: replaces failing handlers by stubs, and records gaps, until the project passes. */
export const revertToStubs = (input: {
  readonly specs: readonly HandlerSpec[]
  readonly written: Written
  readonly built: Built
  readonly build: Build
  readonly once: Once
  readonly signal: AbortSignal
  readonly onDetail: (detail: string) => void
}): Promise<Repaired> =>
  repairLoop({ ...input, rewrite: null, disputes: null, reasonOf: () => REASON, onDrop: () => {} })

const REASON =
  'Its code from the previous version does not fit this one, and there was no language model to rewrite it.'
