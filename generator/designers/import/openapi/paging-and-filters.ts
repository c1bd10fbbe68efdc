import type { CrudBinding, Entity, Shape } from '#contract'
import { simple } from './naming.ts'
import type { ReadOperation } from './operation.ts'
import type { Rows } from './rows.ts'

const COUNTS: readonly (readonly [RegExp, CrudBinding['answer'][number]['holds']])[] = [
  [/^total(_?(count|items|results|elements|rows|records))?$|^count_?total$/i, 'total'],
  [/^(limit|per_?page|page_?size|take)$/i, 'limit'],
  [/^(offset|skip)$/i, 'offset'],
  [/^(page|current_?page|page_?number)$/i, 'page'],
  [/^(pages|total_?pages|page_?count|last_?page)$/i, 'pages'],
  [/^(has_?(more|next)(_?page)?|more)$/i, 'more'],
]

/** The location of the rows in the response, and of the total and page next to them. */
export function answersMany({ success }: ReadOperation, rows: Rows | undefined): CrudBinding['answer'] {
  if (!rows?.isList || success.kind !== 'json') return []
  const answer: CrudBinding['answer'] = [{ at: [...rows.at], holds: 'rows' }]
  const look = (shape: Shape, at: readonly string[]): void => {
    if (shape.kind !== 'object' || at.length > 2) return
    for (const { name, shape: inner } of shape.properties) {
      const path = [...at, name]
      if (rows.at.join('\n') === path.join('\n')) continue
      if (inner.kind === 'object') look(inner, path)
      else if (['integer', 'number', 'boolean'].includes(inner.kind)) {
        const holds = COUNTS.find(([pattern]) => pattern.test(name))?.[1]
        if (holds) answer.push({ at: path, holds })
        else if (/^(size|num(ber)?_?(of)?_?\w+|\w*count)$/i.test(name))
          answer.push({ at: path, holds: 'count' })
      }
    }
  }
  if (rows.at.length > 0) look(success.shape, [])
  // A bare count is the total unless another property is.
  const hasTotal = answer.some(({ holds }) => holds === 'total')
  return answer.map((one) => (one.holds === 'count' && !hasTotal ? { ...one, holds: 'total' as const } : one))
}

const PAGES: readonly (readonly [RegExp, 'limit' | 'offset' | 'page'])[] = [
  [/^(limit|per_?page|page_?size|size|take|max_?results|count|page\[(size|limit)\])$/i, 'limit'],
  [/^(offset|skip|start|start_?index|page\[offset\])$/i, 'offset'],
  [/^(page|page_?number|page\[number\])$/i, 'page'],
]

/** The meaning of list parameters: paging, or a filter by an exact value. */
export function meanings({ query }: ReadOperation, entity: Entity): CrudBinding['query'] {
  const names = [
    ...entity.fields.map(({ name }) => name),
    ...entity.belongsTo.map(({ property, name }) => property ?? `${name}Id`),
  ]
  const found: CrudBinding['query'] = []
  for (const { name, shape } of query) {
    const bare = /^filter\[(.+)\]$/.exec(name)?.[1] ?? name
    const property = names.find((one) => one === bare) ?? names.find((one) => simple(one) === simple(bare))
    const means = PAGES.find(([pattern]) => pattern.test(name))?.[1]
    if (
      property !== undefined &&
      !['array', 'object', 'record', 'any'].includes(shape.kind) &&
      fitsField(shape, property, entity)
    )
      found.push({ name, means: 'equals', property })
    else if (means && shape.kind === 'integer' && !found.some((one) => one.means === means))
      found.push({ name, means })
  }
  return found
}

function fitsField(shape: Shape, property: string, entity: Entity): boolean {
  const field = entity.fields.find(({ name }) => name === property)
  if (!field) return ['integer', 'uuid', 'string'].includes(shape.kind)
  const { type } = field
  if (type.kind === 'json') return false
  if (type.kind === 'enum')
    return shape.kind === 'enum' && shape.values.every((value) => type.values.includes(value))
  return type.kind === shape.kind || (shape.kind === 'string' && type.kind === 'text')
}
