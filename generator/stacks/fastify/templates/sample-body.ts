import type { CustomOperation } from '#contract'
import { sampleOf } from '../../../codegen/sample-of.ts'
import type { ProjectModel } from '../model.ts'

/** Who signs in sends what the request above registered. */
export function sampleBody(operation: CustomOperation, model: ProjectModel): unknown {
  const body = operation.body && sampleOf(operation.body)
  const { signIn } = operation
  const register = model.customs.find(({ operation: one }) => one.signIn?.action === 'register')?.operation
  if (signIn?.action !== 'signIn' || !register?.signIn || !register.body) return body
  const given = objectAt(sampleOf(register.body), register.signIn.bodyAt)
  const sent = objectAt(body, signIn.bodyAt)
  if (!given || !sent) return body
  for (const name of signIn.values) if (name in given) sent[name] = given[name]
  sent[signIn.password] = given[register.signIn.password]
  return body
}

function objectAt(value: unknown, path: readonly string[]): Record<string, unknown> | undefined {
  const isObject = (one: unknown): one is Record<string, unknown> => typeof one === 'object' && one !== null
  let found = value
  for (const name of path) found = isObject(found) ? found[name] : undefined
  return isObject(found) ? found : undefined
}
