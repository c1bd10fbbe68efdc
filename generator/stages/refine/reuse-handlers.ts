import { isDeepStrictEqual } from 'node:util'
import type { Blueprint, JobSource } from '#contract'
import { helpersOf } from '../../blueprint/shared-helpers.ts'
import type { HandlerSpec } from '../../stacks/stack.ts'
import { checkHandler } from '../write/check-handler.ts'

/**
 * The handlers that can be kept, by ID: the definition is unchanged, the code still passes the code check, and so do the
 * shared helpers that it calls. The gates decide whether it type-checks and passes its examples, as with newly written code.
 */
export function reuseHandlers(
  source: JobSource,
  after: Blueprint,
  specs: readonly HandlerSpec[],
): Record<string, string> {
  const before = definitionsIn(source.blueprint)
  const now = definitionsIn(after)
  const kept: Record<string, string> = {}
  // Helpers first: what calls them is kept with them alone.
  for (const spec of specs.toSorted((a, b) => Number(b.kind === 'helper') - Number(a.kind === 'helper'))) {
    const code = source.handlers[spec.id]
    if (code === undefined || !isDeepStrictEqual(before.get(spec.id), now.get(spec.id))) continue
    if (!(spec.helpers ?? []).every(({ id }) => Object.hasOwn(kept, id))) continue
    const isShared = spec.kind === 'helper'
    if (checkHandler(code, { ...spec, isShared }).length === 0) kept[spec.id] = code
  }
  return kept
}

/** What the code of each does, by ID. Who else calls a helper does not change it. */
const definitionsIn = (blueprint: Blueprint): Map<string, unknown> =>
  new Map<string, unknown>([
    ...[...blueprint.operations, ...blueprint.schedules].map(
      (one) => [one.id, [one, helpersOf(blueprint, one.id)]] as const,
    ),
    ...(blueprint.helpers ?? []).map((helper) => [helper.id, { ...helper, usedBy: null }] as const),
  ])
