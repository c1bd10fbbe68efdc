import type { Entity } from '#contract'
import type { Inferred } from './infer-entities.ts'
import type { Notes } from './notes.ts'

/**
 * Rows that are accounts as others see them (`/profiles/{username}`): no request creates them, and a name that accounts
 * register with identifies them. A table of their own would stay empty, so there is none, and the name becomes unique.
 */
export function dropAccountViews(
  { entities, collections }: Inferred,
  account: Entity | undefined,
  notes: Notes,
): void {
  if (account === undefined) return
  // It is shortened while it is gone through.
  for (const entity of entities.slice()) {
    const own = collections.filter((one) => one.entity === entity.name)
    const name = account.fields.find((field) => field.name === entity.key?.name && field.required)
    const isReferred = entities.some(({ belongsTo }) =>
      belongsTo.some(({ target }) => target === entity.name),
    )
    const isMade = own.some(({ operations }) => operations.some(({ method }) => method === 'POST'))
    if (name === undefined || isReferred || isMade || !isView(entity, account)) continue
    name.unique = true
    entities.splice(entities.indexOf(entity), 1)
    for (const collection of own) collection.entity = undefined
    const routes = own.flatMap((one) =>
      [...one.operations, ...one.items].map(({ method, documentPath }) => `${method} ${documentPath}`),
    )
    notes.add(
      `${entity.labelPlural} are accounts as others see them, each with a ${name.name} of its own, so that ${routes.join(' and ')} ${routes.length > 1 ? 'are custom operations' : 'is a custom operation'}.`,
    )
  }
}

/** At least one more property is that of an account; what is none of its own is said of it (counted, followed or not). */
function isView({ fields }: Entity, account: Entity): boolean {
  const isShared = ({ name, type }: Entity['fields'][number]) =>
    account.fields.some((one) => one.name === name && one.type.kind === type.kind)
  const isSaid = ({ type }: Entity['fields'][number]) => ['boolean', 'integer'].includes(type.kind)
  return fields.some(isShared) && fields.every((field) => isShared(field) || isSaid(field))
}
