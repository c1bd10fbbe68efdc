import { listOf, nodeOf, textOf } from '../openapi/resolve.ts'
import { jsonIn, nameOf } from './bodies.ts'
import type { Found } from './found.ts'
import { schemaOfExamples } from './schema-of-examples.ts'
import type { Variables } from './variables.ts'

const USUAL: Readonly<Record<string, number>> = { GET: 200, POST: 201, PUT: 200, PATCH: 200, DELETE: 204 }

/** A response for each status of the saved examples; without one, the status that the tests expect, or the usual one. */
export function responsesOf(found: readonly Found[], variables: Variables): Record<string, unknown> {
  const [{ method }] = found as [Found]
  const byStatus = new Map<
    number,
    { readonly name: string; readonly value: unknown; readonly type: string }[]
  >()
  const texts = new Map<number, string>()
  for (const { one } of found)
    for (const response of one.responses) {
      const status = Number(response['code'] ?? 200)
      if (!(Number.isInteger(status) && status >= 200 && status < 600)) continue
      const raw = textOf(response['body'])
      const value = raw === undefined ? undefined : jsonIn(raw, variables)
      const list = byStatus.get(status) ?? []
      if (raw !== undefined) {
        const type = value === undefined ? mediaTypeOf(response) : 'application/json'
        list.push({ name: nameOf(response, one), value, type })
      }
      byStatus.set(status, list)
      texts.set(status, textOf(response['name']) ?? textOf(response['status']) ?? '')
    }
  const isGood = (status: number) => status < 400
  const expected = found.flatMap(({ one }) => one.expected)
  if (![...byStatus.keys()].some(isGood)) byStatus.set(expected.find(isGood) ?? USUAL[method]!, [])
  for (const status of expected) if (!isGood(status) && !byStatus.has(status)) byStatus.set(status, [])
  return Object.fromEntries(
    [...byStatus].map(([status, list]) => {
      const [first] = list
      const same = list.filter(({ type }) => type === first?.type)
      const isJson = first?.type === 'application/json'
      const content = first && {
        [first.type]: isJson
          ? {
              schema: schemaOfExamples(same.map(({ value }) => value)),
              examples: Object.fromEntries(same.map(({ name, value }) => [name, { value }])),
            }
          : { schema: { type: 'string' } },
      }
      return [String(status), { description: texts.get(status) ?? '', ...(content && { content }) }]
    }),
  )
}

function mediaTypeOf(response: Record<string, unknown>): string {
  const header = listOf(response['header'])
    .map(nodeOf)
    .find(({ key }) => /^content-type$/i.test(String(key)))
  const type = /^[a-z]+\/[\w.+-]{1,80}/i.exec(String(header?.['value'] ?? ''))?.[0].toLowerCase()
  return type === undefined || /json/.test(type) ? 'text/plain' : type
}
