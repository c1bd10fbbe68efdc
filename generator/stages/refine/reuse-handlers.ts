import { isDeepStrictEqual } from 'node:util'
import type { Blueprint, JobSource } from '#contract'
import type { HandlerSpec } from '../../stacks/stack.ts'
import { checkHandler } from '../write/check-handler.ts'

/**
 * The handlers that can be kept, by operation or task ID: the definition is unchanged and the code still passes the code
 * check. The gates decide whether it type-checks and passes its examples, as with newly written code.
 */
export async function reuseHandlers(
  source: JobSource,
  after: Blueprint,
  specs: readonly HandlerSpec[],
): Promise<Record<string, string>> {
  const before = byId(source.blueprint)
  const now = byId(after)
  const checked = await Promise.all(
    specs.map(async (spec): Promise<[string, string][]> => {
      const code = source.handlers[spec.id]
      if (code === undefined || !isDeepStrictEqual(before.get(spec.id), now.get(spec.id))) return []
      return (await checkHandler(code, spec)).length === 0 ? [[spec.id, code]] : []
    }),
  )
  return Object.fromEntries(checked.flat())
}

const byId = ({ operations, schedules }: Blueprint) =>
  new Map([...operations, ...schedules].map((one) => [one.id, one]))
