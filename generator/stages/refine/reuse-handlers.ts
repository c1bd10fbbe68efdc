import { isDeepStrictEqual } from 'node:util'
import type { Blueprint, JobSource } from '#contract'
import type { HandlerSpec } from '../../stacks/stack.ts'
import { checkHandler } from '../write/check-handler.ts'

/**
 * The code that may stay, by the ids of its operations and tasks: what it does, takes and answers is the same to the
 * letter, and the file is still one that would be accepted. Whether it fits the types around it and passes its
 * examples is for the gates to say, as with code that was just written.
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
