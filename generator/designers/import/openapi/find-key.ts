import { ROW_NAME, type Key, type Shape, type ShapeProperty } from '#contract'
import type { EntityCandidate } from './find-collections.ts'
import { simple } from './naming.ts'
import { segmentsOf } from './rows.ts'

/** The key of a row: a property named like a key, or like the path parameter. */
export function findKey(
  name: string,
  { collections }: EntityCandidate,
  answered: readonly ShapeProperty[],
): Key {
  const params = collections.flatMap(({ items }) =>
    items.flatMap((operation) => {
      const last = segmentsOf(operation).at(-1)
      return last && 'param' in last
        ? [{ name: last.param, shape: operation.params.find((one) => one.name === last.param)?.shape }]
        : []
    }),
  )
  const wishes = [
    'id',
    '_id',
    `${simple(name)}id`,
    'uuid',
    'guid',
    'key',
    ...params.map((one) => one.name),
  ].map(simple)
  for (const wish of wishes) {
    const found = answered.find(
      (one) => simple(one.name) === wish && ROW_NAME.test(one.name) && kindOf(one.shape) !== undefined,
    )
    if (found) return { name: found.name, kind: kindOf(found.shape)! }
  }
  const [param] = params
  const isFree = answered.every((one) => simple(one.name) !== 'id')
  return { name: isFree ? 'id' : 'row_key', kind: (param?.shape && kindOf(param.shape)) ?? 'uuid' }
}

function kindOf(shape: Shape): Key['kind'] | undefined {
  switch (shape.kind) {
    case 'integer':
    case 'number':
      return 'integer'
    case 'uuid':
      return 'uuid'
    case 'string':
      return 'text'
    default:
      return undefined
  }
}
