import type { ManyToMany } from '#contract'
import { capitalise, makeNamespace, snakeCase, type Namespace } from '../../codegen/names.ts'
import type { Link, Resource } from './resource.ts'

/** The table, columns and paths of every many-to-many relation. */
export function makeLinks(
  pairs: readonly ManyToMany[],
  byName: ReadonlyMap<string, Resource>,
  { tables, keys, operationIds }: { tables: Namespace; keys: Namespace; operationIds: Namespace },
): Link[] {
  const paths = makeNamespace(
    [...byName.values()].map(({ path }) => path),
    (path) => path.toLowerCase(),
  )
  const segment = (from: Resource, to: Resource): string => {
    const parts = to.path.slice(1).split('/')
    const short = parts.at(-1) ?? to.fileName
    const wish = paths.isFree(`${from.path}/:id/${short}`) ? short : parts.join('-')
    return paths.take(`${from.path}/:id/${wish}`, '-').slice(`${from.path}/:id/`.length)
  }
  return pairs.map((pair) => {
    const left = byName.get(pair.left)
    const right = byName.get(pair.right)
    if (!left || !right)
      throw new Error(`${pair.left} and ${pair.right} are linked, but are not both entities`)
    const columns = makeNamespace()
    return {
      left,
      right,
      key: keys.take(`${left.key}${capitalise(right.key)}`),
      table: tables.take(pair.table ?? `${left.table}_${right.table}`, '_'),
      leftColumn: columns.take(pair.leftColumn ?? `${snakeCase(left.entity.name)}_id`, '_'),
      rightColumn: columns.take(pair.rightColumn ?? `${snakeCase(right.entity.name)}_id`, '_'),
      rightSegment: segment(left, right),
      leftSegment: segment(right, left),
      operationIds: {
        rights: operationIds.take(`list${left.entity.name}${right.entity.plural}`),
        lefts: operationIds.take(`list${right.entity.name}${left.entity.plural}`),
        add: operationIds.take(`link${left.entity.name}${right.entity.name}`),
        remove: operationIds.take(`unlink${left.entity.name}${right.entity.name}`),
      },
    }
  })
}
