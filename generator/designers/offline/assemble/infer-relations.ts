import { toPascal, wordsOf } from '../../../blueprint/words.ts'
import { a } from './sentences.ts'
import { addRelation, areRelated, relationName, templateFor, type Draft, type DraftEntity } from './draft.ts'
import { labelOf } from './field-names.ts'
import { isPerson } from './relation-words.ts'
import { spaced, explain, manyToMany } from './link.ts'

/** Typical relations of entities with these names. */
export function inferRelations(draft: Draft, account: string | null): void {
  for (const entity of draft.entities.values()) inferWhole(draft, entity)
  for (const entity of draft.entities.values()) {
    const listedFields = entity.stated === 'listed'
    if (listedFields && entity.relations.some((relation) => relation.name !== entity.owner)) continue
    const template = templateFor(draft, entity.name)
    let chosen = false
    for (const relation of template?.belongsTo ?? []) {
      const target = draft.entities.get(relation.target)
      if (
        !target ||
        (chosen && template!.firstRelationOnly && relation.target !== account) ||
        areTaken(draft, entity, target, relation.target, relation.name)
      )
        continue
      if (target.name === account && entity.owner !== null) continue
      if (listedFields && target === entity) continue
      const required = relation.required && !listedFields
      const onDelete = required
        ? relation.onDelete
        : relation.onDelete === 'cascade' && !listedFields && !isPerson(entity)
          ? 'cascade'
          : 'setNull'
      if (!addRelation(entity, { ...relation, label: labelOf(spaced(relation.name)), required, onDelete }))
        continue
      chosen = true
      draft.assumptions.add(
        `Gave each ${entity.label.toLowerCase()} ${required ? a(spaced(relation.name)) : `an optional ${spaced(relation.name)}`}, which the prompt does not mention.`,
      )
      explain(draft, entity, target, relation.name, onDelete)
    }
  }
  for (const [left, right] of draft.domain?.manyToMany ?? []) {
    const [a, b] = [draft.entities.get(left), draft.entities.get(right)]
    if (!a || !b || areRelated(draft, a, b) || draft.entities.has(draft.domain?.manyToManyUnless ?? ''))
      continue
    manyToMany(draft, a, b, 'as is usual for them')
  }
  // Tags belong to something, even if the prompt only lists them.
  for (const shared of draft.entities.values()) {
    if (!['Tag', 'Label', 'Keyword'].includes(shared.name) || !draft.main || draft.main === shared) continue
    const linked = [...draft.entities.values()].some(
      (other) => other !== shared && areRelated(draft, shared, other),
    )
    if (!linked && draft.main.name !== account)
      manyToMany(draft, draft.main, shared, 'which the prompt does not say')
  }
}

/** `OrderItem` is part of an `Order` by its name. */
function inferWhole(draft: Draft, entity: DraftEntity): void {
  const words = wordsOf(entity.name)
  if (
    words.length < 2 ||
    !/^(item|line|entry|option|answer|step|image|photo|variant|comment|note|tag|log|detail)$/.test(
      words.at(-1)!,
    )
  )
    return
  const whole = draft.entities.get(toPascal(words.slice(0, -1).join(' ')) ?? '')
  if (!whole || areRelated(draft, entity, whole)) return
  draft.assumptions.add(
    `Gave each ${entity.label.toLowerCase()} ${a(whole.label.toLowerCase())}, as its name suggests.`,
  )
  if (
    addRelation(entity, {
      name: relationName(whole),
      label: whole.label,
      target: whole.name,
      required: true,
      unique: false,
      onDelete: 'cascade',
    })
  )
    explain(draft, entity, whole, relationName(whole), 'cascade')
}

function areTaken(
  draft: Draft,
  entity: DraftEntity,
  target: DraftEntity,
  _name: string,
  relation: string,
): boolean {
  if (target === entity) return entity.relations.some((known) => known.name === relation)
  const pairs =
    templateFor(draft, entity.name)?.belongsTo.filter((known) => known.target === target.name).length ?? 0
  return pairs > 1
    ? entity.relations.some((known) => known.name === relation)
    : areRelated(draft, entity, target)
}
