import type { Entity } from '#contract'
import type { Report } from './diagnostic.ts'
import { needsOwner } from './policies.ts'

/** `owner` is set exactly if `access` needs it, and refers to the account. */
export function lintOwner(entity: Entity, account: Entity, report: Report): void {
  if (entity === account) return
  const path = `entities.${entity.name}.owner`
  const isNeeded = needsOwner(entity)
  if (!isNeeded) {
    if (entity.owner === undefined) return
    const { owner } = entity
    delete entity.owner
    report.fixed({
      code: 'owner.unused',
      path,
      what: `${entity.name} has an owner, but its access does not use one.`,
      why: 'An owner is set from the token, not from a request body.',
      fix: `${owner} is now an ordinary relation.`,
    })
    return
  }
  const candidates = entity.belongsTo.filter((relation) => relation.target === account.name)
  let relation = entity.belongsTo.find(({ name }) => name === entity.owner)
  if (relation === undefined) {
    const finding = {
      code: 'owner.missing',
      path,
      what:
        entity.owner === undefined
          ? `${entity.name} is for its owner only, but has no owner.`
          : `The owner ${entity.owner} of ${entity.name} is not one of its relations.`,
      why: `Ownership is a relation to ${account.name}.`,
    }
    if (candidates.length > 1) {
      report.error({
        ...finding,
        fix: `Name one of ${candidates.map(({ name }) => name).join(', ')} as the owner.`,
      })
      return
    }
    relation = candidates[0]
    if (relation === undefined) {
      const isTaken = (name: string) =>
        entity.belongsTo.some((other) => other.name.toLowerCase() === name) ||
        entity.fields.some((field) => field.name.toLowerCase() === `${name}id`)
      const name = ['owner', 'account', 'holder'].find((wish) => !isTaken(wish))
      if (name === undefined || entity.belongsTo.length >= 20) {
        report.error({
          ...finding,
          fix: `Add a required relation to ${account.name} and name it as the owner.`,
        })
        return
      }
      relation = {
        name,
        label: name.charAt(0).toUpperCase() + name.slice(1),
        target: account.name,
        required: true,
        unique: false,
        onDelete: 'cascade',
      }
      entity.belongsTo.push(relation)
    }
    entity.owner = relation.name
    report.fixed({ ...finding, fix: `Its relation ${relation.name} to ${account.name} is now the owner.` })
  }
  if (relation.target !== account.name) {
    report.error({
      code: 'owner.not-account',
      path,
      what: `The owner ${relation.name} of ${entity.name} is a ${relation.target}, not a ${account.name}.`,
      why: `Only a ${account.name} signs in.`,
      fix:
        candidates.length > 0
          ? `Name ${candidates.map(({ name }) => name).join(' or ')} as the owner.`
          : `Point ${relation.name} to ${account.name}, or add a relation that does.`,
    })
    return
  }
  if (relation.required) return
  relation.required = true
  if (relation.onDelete === 'setNull') relation.onDelete = 'cascade'
  report.fixed({
    code: 'owner.optional',
    path: `entities.${entity.name}.belongsTo.${relation.name}`,
    what: `The owner of ${entity.name} is optional.`,
    why: 'Nobody could access rows without an owner.',
    fix: 'Made it required.',
  })
}
