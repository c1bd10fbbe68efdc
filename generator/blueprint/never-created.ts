import type { Blueprint, CustomOperation, Entity } from '#contract'
import { entitiesIn } from './lint/shapes.ts'

/**
 * Entities whose table would stay empty for ever: no route creates a row, no seed is one, and no operation or task may. An
 * operation that is not for reading may create what it is grouped with, answers, or speaks of.
 */
export function neverCreated({
  auth,
  entities,
  seeds,
  operations,
  schedules,
  helpers = [],
}: Blueprint): Entity[] {
  const account = auth.kind === 'jwt' ? auth.account : null
  return entities.filter(
    (entity) =>
      entity.name !== account &&
      !entity.operations.includes('create') &&
      !seeds.some((row) => row.entity === entity.name) &&
      !operations.some((operation) => mayCreate(operation, entity)) &&
      ![...schedules, ...helpers].some(({ description, rules }) => speaksOf([description, ...rules], entity)),
  )
}

function mayCreate(operation: CustomOperation, entity: Entity): boolean {
  const { implementation, method, responses, summary, rules } = operation
  if (implementation) return implementation.entity === entity.name && implementation.action === 'create'
  if (method === 'GET') return false
  const answered = responses.success.kind === 'json' ? entitiesIn(responses.success.shape) : []
  return [operation.entity, ...answered].includes(entity.name) || speaksOf([summary, ...rules], entity)
}

/** `OrderItem` is also an order item. */
function speaksOf(sentences: readonly string[], { name, plural, label, labelPlural }: Entity): boolean {
  const said = words(sentences.join(' '))
  return [name, plural, label, labelPlural].some((one) => said.includes(words(one)))
}

const words = (text: string): string =>
  ` ${text
    .replaceAll(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()} `

/** For the report. */
export const describeNeverCreated = (blueprint: Blueprint): string[] =>
  neverCreated(blueprint).map(
    ({ label, path, operations }) =>
      `Nothing creates rows of ${label}: no route, seed, operation or task adds any${operations.length > 0 ? `, so ${path} stays empty` : ''}. Ask for a way to add them, or for rows to start with.`,
  )
