import { Operation, relationProperty, type Blueprint, type Entity, type Field } from '#contract'
import { toSnake } from '../words.ts'
import { dropWhere, type Report } from './diagnostic.ts'
import { lintCardinality } from './cardinality.ts'
import { automaticNames } from './shapes.ts'
import { coerce } from './coerce.ts'
import { isBlank, refusesBlank } from '../refuses-blank.ts'

/** Fields: available names, types that can hold a value, valid defaults and examples. */
export const OBJECT_PROTOTYPE_KEYS = new Set(
  Object.getOwnPropertyNames(Object.prototype)
    .concat('prototype', 'proto', 'toJSON', 'then')
    .map((name) => name.toLowerCase()),
)

export function lintFields(blueprint: Blueprint, report: Report): void {
  const account = blueprint.auth.kind === 'jwt' ? blueprint.auth.account : undefined
  for (const entity of blueprint.entities) {
    const at = `entities.${entity.name}`
    lintFieldNames(entity, at, report)
    for (const field of entity.fields) {
      lintType(field, `${at}.fields.${field.name}`, entity.name === account, report)
      lintValues(field, `${at}.fields.${field.name}`, report)
    }
    const operations = Operation.options.filter((operation) => entity.operations.includes(operation))
    if (operations.length < entity.operations.length) {
      report.fixed({
        code: 'operations.duplicate',
        path: `${at}.operations`,
        what: `${entity.name} lists an operation twice.`,
        why: 'Each operation is one route.',
        fix: 'Removed the duplicate.',
      })
    }
    entity.operations = operations
  }
}

function lintFieldNames(entity: Entity, at: string, report: Report): void {
  const snakeOf = (name: string) => toSnake(name) ?? name.toLowerCase()
  const keys = new Map(entity.belongsTo.map((relation) => [snakeOf(relationProperty(relation)), relation]))
  const automatic = automaticNames(entity)
  const taken = new Set(automatic.flatMap((name) => [name.toLowerCase(), snakeOf(name)]))
  // Keyed by both forms of the earlier field names.
  const before = new Map<string, Field>()
  dropWhere(entity.fields, (field) => {
    const path = `${at}.fields.${field.name}`
    const snake = snakeOf(field.name)
    if (taken.has(field.name.toLowerCase()) || taken.has(snake)) {
      report.fixed({
        code: 'field.automatic',
        path,
        what: `${entity.name} declares ${field.name} itself.`,
        why: `Every record has ${listed(automatic)}, which the server sets.`,
        fix: `Removed the field ${field.name}.`,
      })
      return true
    }
    const relation = keys.get(snake)
    if (relation !== undefined) {
      report.fixed({
        code: 'field.is-relation',
        path,
        what: `The field ${field.name} of ${entity.name} is the key of its relation ${relation.name}.`,
        why: `The relation already has the property ${relationProperty(relation)}.`,
        fix: `Removed the field ${field.name}; the relation stays.`,
      })
      return true
    }
    const forms = [`lower ${field.name.toLowerCase()}`, `snake ${snake}`]
    const twin = forms.map((form) => before.get(form)).find((one) => one !== undefined)
    if (twin === undefined) {
      for (const form of forms) before.set(form, field)
      return false
    }
    const what =
      twin.name === field.name
        ? `${entity.name} has two fields named ${field.name}.`
        : `The fields ${twin.name} and ${field.name} of ${entity.name} have the same name in the database.`
    const why = 'Columns are named in snake_case and databases ignore case.'
    if (
      JSON.stringify({ ...twin, name: '', label: '' }) === JSON.stringify({ ...field, name: '', label: '' })
    ) {
      report.fixed({
        code: 'field.duplicate',
        path,
        what,
        why,
        fix: 'Removed the identical second one.',
      })
      return true
    }
    report.error({ code: 'field.duplicate', path, what, why, fix: 'Rename one of them or merge them.' })
    return false
  })
  for (const field of entity.fields) {
    if (!OBJECT_PROTOTYPE_KEYS.has(field.name.toLowerCase())) continue
    const name = `${field.name.slice(0, 50)}Value`
    const path = `${at}.fields.${field.name}`
    const finding = {
      code: 'field.object-property',
      path,
      what: `The field ${field.name} of ${entity.name} has the name of a built-in property of JavaScript objects.`,
      why: 'A missing value would read as the built-in property.',
    }
    if (entity.fields.some((other) => other.name.toLowerCase() === name.toLowerCase()))
      report.error({ ...finding, fix: 'Give the field another name.' })
    else {
      field.name = name
      report.fixed({ ...finding, fix: `Renamed it to ${name}.` })
    }
  }
}

const listed = (names: readonly string[]) =>
  names.length > 1 ? `${names.slice(0, -1).join(', ')} and ${names.at(-1)}` : names.join('')

function lintType(field: Field, path: string, isAccount: boolean, report: Report): void {
  const { type } = field
  if (type.kind === 'enum') {
    const distinct = [...new Set(type.values)]
    if (distinct.length < type.values.length) {
      report.fixed({
        code: 'enum.duplicate',
        path: `${path}.type.values`,
        what: `${field.name} lists a value twice.`,
        why: 'The values of an enumeration are a set.',
        fix: 'Removed the duplicate.',
      })
      type.values = distinct
    }
  }
  if (
    (type.kind === 'integer' || type.kind === 'number') &&
    type.min !== undefined &&
    type.max !== undefined &&
    type.min > type.max
  ) {
    report.error({
      code: 'range.empty',
      path: `${path}.type`,
      what: `The minimum ${type.min} of ${field.name} is greater than its maximum ${type.max}.`,
      why: 'No value could ever be stored.',
      fix: 'Swap the two, or correct the one that is wrong.',
    })
  }
  lintCardinality(field, path, isAccount, report)
  if (field.unique && field.default !== undefined) {
    delete field.default
    report.fixed({
      code: 'field.unique-default',
      path,
      what: `${field.name} is unique and has a default.`,
      why: 'Two rows with the default would conflict.',
      fix: 'Removed the default.',
    })
  }
}

function lintValues(field: Field, path: string, report: Report): void {
  if (field.default !== undefined) {
    const fitted = coerce(field.default, field.type)
    const finding = {
      code: 'default.mismatch',
      path: `${path}.default`,
      what: `The default ${JSON.stringify(field.default)} of ${field.name} ${fitted.ok ? 'is not in the form of' : 'does not match'} its type (${fitted.expected}).`,
      why: 'A row without the field would store a value that no request could send.',
    }
    if (!fitted.ok)
      report.error({
        ...finding,
        fix: `Give a default that is ${fitted.expected}, change the type, or drop the default.`,
      })
    else if (fitted.value !== field.default) {
      field.default = fitted.value
      report.fixed({ ...finding, fix: `Changed the default to ${JSON.stringify(fitted.value)}.` })
    }
  }
  if (field.blank && field.type.kind !== 'string' && field.type.kind !== 'text') delete field.blank
  if (field.example === undefined) return
  if (refusesBlank(field) && isBlank(field.example)) {
    delete field.example
    report.fixed({
      code: 'example.blank',
      path: `${path}.example`,
      what: `The example of ${field.name} is blank.`,
      why: 'Requests refuse a blank value of a required text.',
      fix: 'Removed the example.',
    })
    return
  }
  const fitted = coerce(field.example, field.type)
  if (fitted.ok && fitted.value === field.example) return
  const what = `The example ${JSON.stringify(field.example)} of ${field.name} does not match its type (${fitted.expected}).`
  if (fitted.ok) field.example = fitted.value
  else delete field.example
  report.fixed({
    code: 'example.mismatch',
    path: `${path}.example`,
    what,
    why: 'Seeds, tests and documents use the example.',
    fix: fitted.ok ? `Changed the example to ${JSON.stringify(fitted.value)}.` : 'Removed the example.',
  })
}
