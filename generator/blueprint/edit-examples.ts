import { relationProperty, type Blueprint, type Entity, type Json, type OperationExample } from '#contract'

/** Renames in the rows of examples. What an example says besides is checked by the linter. */

type WithRows = Pick<OperationExample, 'rows' | 'rowsAfter'>

/** Whether the rows of an example, before or after, include one of this entity. */
export const hasRowOf = ({ rows, rowsAfter = [] }: WithRows, entity: string): boolean =>
  rows.some((row) => row.entity === entity) ||
  rowsAfter.some((one) => one.change === 'created' && one.entity === entity)

export const renameEntityInExamples = (blueprint: Blueprint, now: (name: string) => string): Blueprint =>
  mapExamples(blueprint, (example) => ({
    ...example,
    rows: example.rows.map((row) => ({ ...row, entity: now(row.entity) })),
    ...(example.rowsAfter && {
      rowsAfter: example.rowsAfter.map((one) =>
        one.change === 'created' ? { ...one, entity: now(one.entity) } : one,
      ),
    }),
  }))

/** `from` and `to` are names of a property of the rows of `entity`. */
export function renamePropertyInExamples(
  blueprint: Blueprint,
  entity: string,
  from: string,
  to: string,
): Blueprint {
  return mapExamples(blueprint, (example) => {
    const names = example.rows.filter((row) => row.entity === entity).map(({ name }) => name)
    if (blueprint.auth.kind === 'jwt' && blueprint.auth.account === entity) names.push('me')
    const references = new Map(names.map((name) => [`$${name}.${from}`, `$${name}.${to}`]))
    const renamed = <Value>(values: Record<string, Value>): Record<string, Value> =>
      Object.fromEntries(Object.entries(values).map(([name, value]) => [name === from ? to : name, value]))
    return mapTexts(
      {
        ...example,
        rows: example.rows.map((row) =>
          row.entity === entity ? { ...row, values: renamed(row.values) } : row,
        ),
        ...(example.rowsAfter && {
          rowsAfter: example.rowsAfter.map((one) => {
            if (one.change === 'removed') return one
            const isAbout = one.change === 'created' ? one.entity === entity : names.includes(one.row)
            return isAbout ? { ...one, values: renamed(one.values) } : one
          }),
        }),
      },
      (text) => references.get(text) ?? text,
    )
  })
}

/** The row property of the field or relation with that name. */
export function propertyNamed({ belongsTo }: Entity, name: string): string {
  const relation = belongsTo.find((one) => one.name === name)
  return relation ? relationProperty(relation) : name
}

function mapExamples(
  blueprint: Blueprint,
  change: <Example extends WithRows>(example: Example) => Example,
): Blueprint {
  return {
    ...blueprint,
    operations: blueprint.operations.map((operation) => ({
      ...operation,
      examples: operation.examples.map((example) => change(example)),
    })),
    schedules: blueprint.schedules.map((schedule) => ({
      ...schedule,
      ...(schedule.examples && { examples: schedule.examples.map((example) => change(example)) }),
    })),
  }
}

function mapTexts<Value>(value: Value, change: (text: string) => string): Value {
  const map = (inner: Json): Json => {
    if (typeof inner === 'string') return change(inner)
    if (typeof inner !== 'object' || inner === null) return inner
    if (Array.isArray(inner)) return inner.map(map)
    return Object.fromEntries(Object.entries(inner).map(([name, one]) => [name, map(one)]))
  }
  return map(value as Json) as Value
}
