import { keyOf, relationProperty, type Blueprint, type Entity } from '#contract'
import type { Report } from './diagnostic.ts'
import { OBJECT_PROTOTYPE_KEYS } from './fields.ts'
import { automaticNames } from './shapes.ts'

/** Row keys, timestamps, property names and unset values. */
export function lintRows(blueprint: Blueprint, report: Report): void {
  const account = blueprint.auth.kind === 'jwt' ? blueprint.auth.account : undefined
  const hasOwnRoutes = blueprint.auth.kind === 'jwt' && blueprint.auth.ownRoutes === true
  for (const entity of blueprint.entities) {
    if (entity.name === account) lintAccountRow(entity, hasOwnRoutes, report)
    lintOwnNames(entity, report)
    lintUnset(entity, report)
    for (const field of entity.fields) {
      if (field.type.kind !== 'json' || !(field.unique || field.default !== undefined)) continue
      field.unique = false
      delete field.default
      report.fixed({
        code: 'field.json',
        path: `entities.${entity.name}.fields.${field.name}`,
        what: `${field.name} of ${entity.name} holds JSON, but is unique or has a default.`,
        why: 'JSON is stored as it is and never compared.',
        fix: 'It is now an ordinary field.',
      })
    }
  }
}

/**
 * Tokens contain the id of the account, and sign-in reads the default properties. An API with a sign-in of its own may
 * number its accounts, since its answers show their ids.
 */
function lintAccountRow(account: Entity, mayBeNumbered: boolean, report: Report): void {
  const { key } = account
  const isNumbered = mayBeNumbered && key?.kind === 'integer' && key.name === 'id'
  if ((key === undefined || isNumbered) && account.stamps === undefined) return
  if (!isNumbered) delete account.key
  delete account.stamps
  report.fixed({
    code: 'account.key',
    path: `entities.${account.name}.key`,
    what: `The account ${account.name} has a custom key or timestamps.`,
    why: 'A token contains the account id, an unguessable UUID.',
    fix: 'It now has id, createdAt and updatedAt.',
  })
}

function lintOwnNames(entity: Entity, report: Report): void {
  const names = [...automaticNames(entity), ...new Set(entity.belongsTo.map(relationProperty))]
  for (const name of names.filter((one) => OBJECT_PROTOTYPE_KEYS.has(one.toLowerCase())))
    report.error({
      code: 'row.object-property',
      path: `entities.${entity.name}`,
      what: `A property of ${entity.name} has the name ${name}, a built-in property of JavaScript objects.`,
      why: 'A missing value would read as the built-in property.',
      fix: 'Rename the key, the timestamp or the relation.',
    })
  const twice = names.find(
    (name, at) => names.findIndex((other) => other.toLowerCase() === name.toLowerCase()) !== at,
  )
  if (twice === undefined) return
  report.error({
    code: 'row.duplicate',
    path: `entities.${entity.name}`,
    what: `Two automatic properties of ${entity.name} are named ${twice}.`,
    why: `A row is identified by ${keyOf(entity).name}, and each of its properties has a unique name.`,
    fix: 'Give one of them another name.',
  })
}

/** CRUD routes return every property of a row. */
function lintUnset(entity: Entity, report: Report): void {
  if (!entity.operations.some((operation) => operation === 'create' || operation === 'update')) return
  for (const field of entity.fields) {
    if (field.unset !== 'omitted') continue
    delete field.unset
    report.fixed({
      code: 'field.unset',
      path: `entities.${entity.name}.fields.${field.name}`,
      what: `${field.name} of ${entity.name} is omitted if it has no value.`,
      why: `The routes of ${entity.path} return every property.`,
      fix: 'It is now null.',
    })
  }
}
