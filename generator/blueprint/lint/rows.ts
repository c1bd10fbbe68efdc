import { keyOf, relationProperty, type Blueprint, type Entity } from '#contract'
import type { Report } from './diagnostic.ts'
import { OBJECT_PROTOTYPE_KEYS } from './fields.ts'
import { automaticNames } from './shapes.ts'

/** What identifies a row, what the server sets of it, and what it looks like without a value. */
export function lintRows(blueprint: Blueprint, report: Report): void {
  const account = blueprint.auth.kind === 'jwt' ? blueprint.auth.account : undefined
  for (const entity of blueprint.entities) {
    if (entity.name === account) lintAccountRow(entity, report)
    lintOwnNames(entity, report)
    lintUnset(entity, report)
    for (const field of entity.fields) {
      if (field.type.kind !== 'json' || !(field.unique || field.default !== undefined)) continue
      field.unique = false
      delete field.default
      report.fixed({
        code: 'field.json',
        path: `entities.${entity.name}.fields.${field.name}`,
        what: `${field.name} of ${entity.name} holds JSON, and is unique or has a default.`,
        why: 'JSON is kept as it is given, and never compared.',
        fix: 'It is an ordinary field now.',
      })
    }
  }
}

/** Tokens name an account by its id, and sign-in reads the usual row. */
function lintAccountRow(account: Entity, report: Report): void {
  if (account.key === undefined && account.stamps === undefined) return
  delete account.key
  delete account.stamps
  report.fixed({
    code: 'account.key',
    path: `entities.${account.name}.key`,
    what: `The account ${account.name} has a key or instants of its own.`,
    why: 'A token names an account by a UUID that nobody can guess.',
    fix: 'It has id, createdAt and updatedAt now.',
  })
}

function lintOwnNames(entity: Entity, report: Report): void {
  const names = [...automaticNames(entity), ...new Set(entity.belongsTo.map(relationProperty))]
  for (const name of names.filter((one) => OBJECT_PROTOTYPE_KEYS.has(one.toLowerCase())))
    report.error({
      code: 'row.object-property',
      path: `entities.${entity.name}`,
      what: `A property of ${entity.name} is named ${name}, like one that every JavaScript object has.`,
      why: 'Reading it from a body that lacks it would find the built-in one.',
      fix: 'Give the key, the instant or the relation another name.',
    })
  const twice = names.find(
    (name, at) => names.findIndex((other) => other.toLowerCase() === name.toLowerCase()) !== at,
  )
  if (twice === undefined) return
  report.error({
    code: 'row.duplicate',
    path: `entities.${entity.name}`,
    what: `Two properties of ${entity.name} that nobody writes are named ${twice}.`,
    why: `A row is identified by ${keyOf(entity).name}, and each of its properties has a name of its own.`,
    fix: 'Give one of them another name.',
  })
}

/** The usual routes answer every property of a row. */
function lintUnset(entity: Entity, report: Report): void {
  if (!entity.operations.some((operation) => operation === 'create' || operation === 'update')) return
  for (const field of entity.fields) {
    if (field.unset !== 'omitted') continue
    delete field.unset
    report.fixed({
      code: 'field.unset',
      path: `entities.${entity.name}.fields.${field.name}`,
      what: `${field.name} of ${entity.name} is left out where it has no value.`,
      why: `The routes of ${entity.path} answer every property.`,
      fix: 'It is null now.',
    })
  }
}
