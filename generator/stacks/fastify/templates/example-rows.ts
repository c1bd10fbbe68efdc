import { access } from '../../../codegen/encode/property.ts'
import type { ExampleRow, RowChange } from '#contract'
import { afterNow, instantAfter, type AfterNow } from '../../../blueprint/lint/example-words.ts'
import { stringLiteral } from '../../../codegen/encode/typescript.ts'
import type { Imports } from '../../../codegen/imports.ts'
import { makeNamespace } from '../../../codegen/names.ts'
import type { ProjectModel } from '../model.ts'
import { writableProperties, type Resource } from '../resource.ts'
import { spanCode, valueCode, type ExampleWords } from './example-values.ts'
import { insertFunction } from './fixtures.ts'
import { hasUniqueOwner } from './row-capacity.ts'

/** What the tests of an operation and of a task differ in. */
type Scope = {
  readonly model: ProjectModel
  readonly imports: Imports
  /** The variable with the database: of a request, with an account `me`, or of a run. */
  readonly target: 'server' | 'setting'
  /** The time of a run. */
  readonly now?: string
}

type ExampleRows = {
  /** An expression for `$row.property`. */
  readonly reference: (text: string) => string
  /** The lines that insert the rows; a variable only for those that later lines use. */
  readonly insert: (later: readonly string[]) => string[]
  readonly resourceOf: (row: string) => Resource
}

export function exampleRows(rows: readonly ExampleRow[], scope: Scope): ExampleRows {
  const { model, imports, target } = scope
  const variables = makeNamespace([target, 'response', 'rows', ...model.resources.map(insertFunction)])
  const byName = new Map(model.resources.map((resource) => [resource.entity.name, resource]))
  const known = new Map(rows.map((row) => [row.name, { row, variable: variables.take(`${row.name}Row`) }]))
  const resourceOf = (name: string): Resource =>
    (name === 'me' ? model.account : byName.get(known.get(name)?.row.entity ?? ''))!

  function reference(text: string): string {
    const [name = '', property = ''] = text.slice(1).split('.')
    const found = known.get(name)
    if (!found) return `${target}.me${access(property)}`
    const { id, created, updated } = resourceOf(name)
    const stated = found.row.values[property]
    const isTime = property === created?.name || property === updated?.name
    if (isTime && property !== id.name && stated !== undefined) return stringLiteral(instantOf(stated))
    return `${found.variable}${access(property)}`
  }

  const words = { reference }
  const inserts = rows.map((row) => {
    const resource = resourceOf(row.name)
    const { variable } = known.get(row.name)!
    const { values, times } = valuesOf(row, resource, target)
    const name = imports.value('../support/fixtures.ts', insertFunction(resource))
    const takesValues = writableProperties(resource).length > 0 || resource.ownerProperty !== undefined
    const given =
      takesValues && Object.keys(values).length > 0
        ? `, { ${Object.entries(values)
            .map(([property, value]) => {
              const time = afterNow(value)
              const code = time === null ? valueCode(value, words) : timeCode(time, property, resource, scope)
              return `${stringLiteral(property)}: ${code}`
            })
            .join(', ')} }`
        : ''
    return {
      variable,
      text: `${name}(${target}${given});`,
      after: times.map(
        ({ column, instant }) =>
          `${target}.database.prepare(${stringLiteral(
            `UPDATE "${resource.table}" SET "${column}" = ? WHERE "${resource.id.column}" = ?`,
          )}).run(${stringLiteral(instant)}, ${variable}${access(resource.id.name)});`,
      ),
    }
  })
  return {
    reference,
    resourceOf,
    insert: (later) =>
      inserts.flatMap(({ variable, text, after }, index) => {
        const following = [...after, ...inserts.slice(index + 1).map((one) => one.text), ...later]
        const isUsed = following.some((line) => new RegExp(`\\b${variable}\\.`).test(line))
        return [isUsed ? `const ${variable} = ${text}` : text, ...after]
      }),
  }
}

/** A time relative to that of the request or run, as the property holds it. */
function timeCode(time: AfterNow, name: string, { properties }: Resource, { imports, now }: Scope): string {
  const isDay = properties.some(
    (one) => one.name === name && one.kind === 'field' && one.field.type.kind === 'date',
  )
  if (now !== undefined) return stringLiteral(instantAfter(now, time).slice(0, isDay ? 10 : undefined))
  const helper = imports.value('../support/rows.ts', isDay ? 'dayAfterNow' : 'instantAfterNow')
  return `${helper}(${spanCode(time)})`
}

/** The timestamps are set in the database; an only row of an owner belongs to the account that asks. */
function valuesOf({ values }: ExampleRow, resource: Resource, target: Scope['target']) {
  const stamps = [resource.created, resource.updated].filter((stamp) => stamp !== undefined)
  const times = stamps.flatMap(({ name, column }) => {
    const value = values[name]
    return value === undefined ? [] : [{ name, column, instant: instantOf(value) }]
  })
  const owner = resource.ownerProperty
  const isMine = owner !== undefined && target === 'server' && hasUniqueOwner(resource)
  const given = Object.entries({ ...(isMine && { [owner]: '$me.id' }), ...values })
  return {
    values: Object.fromEntries(given.filter(([name]) => !times.some((time) => time.name === name))),
    times,
  }
}

const instantOf = (value: ExampleRow['values'][string]): string => new Date(String(value)).toISOString()

/** The lines before and after a request or a run that compare the rows. */
export function changesCode(
  changes: readonly RowChange[] | undefined,
  { model, imports, target }: Scope,
  { resourceOf, reference }: ExampleRows,
  words: ExampleWords,
): { readonly before: string[]; readonly after: string[] } {
  if (changes === undefined) return { before: [], after: [] }
  const watch = imports.value('../support/rows.ts', 'watchRows')
  if (changes.length === 0)
    return { before: [`const rows = ${watch}(${target});`], after: ['rows.expectUnchanged();'] }
  const byName = new Map(model.resources.map((resource) => [resource.entity.name, resource]))
  const byResource = Map.groupBy(changes, (one) =>
    one.change === 'created' ? byName.get(one.entity)! : resourceOf(one.row),
  )
  const keys = [...byResource.keys()].map(({ key, id }) => `${key}: ${stringLiteral(id.name)}`)
  const expected = [...byResource].map(([{ key, id }, list]) => {
    const idOf = (row: string) => reference(`$${row}.${id.name}`)
    const parts = (['created', 'changed', 'removed'] as const).flatMap((kind) => {
      const members = list.flatMap((one) => {
        if (one.change !== kind) return []
        if (one.change === 'created') return [valueCode(one.values, words)]
        if (one.change === 'removed') return [idOf(one.row)]
        return [`[${idOf(one.row)}, ${valueCode(one.values, words)}]`]
      })
      return members.length > 0 ? [`${kind}: [${members.join(', ')}]`] : []
    })
    return `${key}: { ${parts.join(', ')} }`
  })
  return {
    before: [`const rows = ${watch}(${target}, { ${keys.join(', ')} });`],
    after: [`rows.expect({ ${expected.join(', ')} });`],
  }
}
