import type { BelongsTo } from '#contract'
import { toCamel, wordsOf } from '../../../blueprint/words.ts'
import { a } from './sentences.ts'
import { addRelation, relationName, type Draft, type DraftEntity } from './draft.ts'
import { labelOf } from './field-names.ts'
import { SHARED, REFERENCES, PEOPLE, isPerson } from './relation-words.ts'

/** Adds relations to the draft, each with its delete rule, and records the assumption. */

type Link = { role?: string; required: boolean; unique?: boolean }

/** Adds a to-one relation with its delete rule. */
export function link(
  draft: Draft,
  from: DraftEntity,
  to: DraftEntity,
  { role, required, unique = false }: Link,
): boolean {
  const name = role ?? relationName(to)
  const known = from.relations.find(
    (relation) => relation.target === to.name && (relation.name === name || !role),
  )
  if (known) {
    known.unique ||= unique
    // `belongs to` is stronger than a mention in a field list.
    if (required && !known.required) {
      known.required = true
      for (const said of draft.assumptions)
        if (said.startsWith(`The ${spaced(name)} of ${a(from.label.toLowerCase())} is optional`))
          draft.assumptions.delete(said)
      known.onDelete = deleteRule(from, to, true)
      explain(draft, from, to, name, known.onDelete)
    }
    return false
  }
  const onDelete = deleteRule(from, to, required)
  const added = addRelation(from, {
    name,
    label: labelOf(role ? spaced(role) : to.label),
    target: to.name,
    required,
    unique,
    onDelete,
  })
  if (added) explain(draft, from, to, name, onDelete)
  return added
}

function deleteRule(from: DraftEntity, to: DraftEntity, required: boolean): BelongsTo['onDelete'] {
  if (!required) return 'setNull'
  return REFERENCES.has(to.name) || PEOPLE.has(to.name) || isPerson(from) ? 'restrict' : 'cascade'
}

export const spaced = (name: string) => wordsOf(name).join(' ')

export function explain(
  draft: Draft,
  from: DraftEntity,
  to: DraftEntity,
  name: string,
  rule: 'cascade' | 'restrict' | 'setNull',
): void {
  const [one, many] = [to.label.toLowerCase(), from.labelPlural.toLowerCase()]
  if (rule === 'cascade') draft.assumptions.add(`Deleting ${a(one)} deletes its ${many}.`)
  else if (rule === 'restrict')
    draft.assumptions.add(`${a(one, 'A')} cannot be deleted while ${many} refer to it.`)
  else
    draft.assumptions.add(
      `The ${spaced(name)} of ${a(from.label.toLowerCase())} is optional and set to null when the ${one} is deleted.`,
    )
}

export function hasMany(draft: Draft, from: DraftEntity, to: DraftEntity): void {
  const back = from.relations.find((relation) => relation.target === to.name && relation.required)
  if (back) {
    // The other direction is already `has many`.
    from.relations = from.relations.filter((relation) => relation !== back)
    return manyToMany(draft, from, to, null)
  }
  const known = to.relations.find((relation) => relation.target === from.name)
  if (known) {
    if (known.required && !REFERENCES.has(from.name) && !isPerson(to)) known.onDelete = 'cascade'
    return
  }
  if (SHARED.has(to.name))
    return manyToMany(draft, from, to, `since ${to.labelPlural.toLowerCase()} are usually shared`)
  const onDelete = from.name === 'Category' || isPerson(to) ? 'restrict' : 'cascade'
  if (
    addRelation(to, {
      name: relationName(from),
      label: from.label,
      target: from.name,
      required: true,
      unique: false,
      onDelete,
    })
  )
    explain(draft, to, from, relationName(from), onDelete)
}

export function manyToMany(draft: Draft, from: DraftEntity, to: DraftEntity, why: string | null): void {
  if (
    draft.manyToMany.length >= 58 ||
    draft.manyToMany.some((link) =>
      [link.left, link.right].every((name) => name === from.name || name === to.name),
    )
  )
    return
  draft.manyToMany.push({ left: from.name, right: to.name })
  if (why)
    draft.assumptions.add(
      `Linked ${from.labelPlural.toLowerCase()} and ${to.labelPlural.toLowerCase()} many-to-many, ${why}.`,
    )
}

export function selfReference(draft: Draft, entity: DraftEntity, role: string): void {
  const name = toCamel(role) ?? 'parent'
  const rule = name === 'parent' ? 'cascade' : 'setNull'
  if (
    !addRelation(entity, {
      name,
      label: labelOf(spaced(name)),
      target: entity.name,
      required: false,
      unique: false,
      onDelete: rule,
    })
  )
    return
  draft.assumptions.add(
    rule === 'cascade'
      ? `Deleting ${a(entity.label.toLowerCase())} deletes those under it.`
      : `The ${spaced(name)} of ${a(entity.label.toLowerCase())} is optional and set to null when it is deleted.`,
  )
}
