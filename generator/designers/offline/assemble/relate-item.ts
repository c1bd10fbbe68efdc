import { singular, toCamel, wordsOf } from '../../../blueprint/words.ts'
import type { Item, Phrase } from '../read/facts.ts'
import { addRelation, areRelated, relationName, type Draft, type DraftEntity } from './draft.ts'
import { CHOOSES } from './privacy.ts'
import { SHARED, PARTS } from './relation-words.ts'
import { link, hasMany, manyToMany, selfReference } from './link.ts'

/** Relations from lists: what an entity `has`, and references such as `author: User`. */

/** `each order has items`, `a product has a category`, `an author has one profile`. */
export function relateReference(draft: Draft, from: DraftEntity, to: DraftEntity, item: Item): void {
  const base = item.phrase.text.replace(/[\s_]*ids?$/i, '') || item.phrase.text
  const role = toCamel(base)
  if (from === to) return selfReference(draft, from, role ?? 'parent')
  link(draft, from, to, {
    required: item.spec.required ?? false,
    unique: item.spec.unique ?? false,
    ...(role && role !== relationName(to) && { role }),
  })
}

export function relateItem(
  draft: Draft,
  from: DraftEntity,
  to: DraftEntity,
  item: Item,
  app: boolean,
  required: boolean,
): void {
  const one = item.tokens.some(
    (token) => token.lower === 'one' || token.lower === 'exactly' || token.lower === 'single',
  )
  if (from === to)
    return selfReference(
      draft,
      from,
      wordsOf(item.phrase.text).find((word) => !wordsOf(from.name).includes(singular(word))) ?? 'parent',
    )
  if (item.phrase.plural || item.phrase.quantity === 'many') {
    // Plural nouns in a program's list are independent; only shared ones and categories belong to its main entity.
    if (app && to.name === 'Category') return void link(draft, from, to, { required: false })
    if (SHARED.has(to.name))
      return manyToMany(draft, from, to, `since ${to.labelPlural.toLowerCase()} are usually shared`)
    if (app) return
    if (isChosen(from, to))
      return manyToMany(
        draft,
        from,
        to,
        `since one ${to.label.toLowerCase()} can be in many ${from.labelPlural.toLowerCase()}`,
      )
    hasMany(draft, from, to)
    return
  }
  if (app) return
  const role = roleIn(item.phrase, to)
  if (PARTS.has(to.name) && role === null) {
    if (!areRelated(draft, from, to)) {
      addRelation(to, {
        name: relationName(from),
        label: from.label,
        target: from.name,
        required: true,
        unique: true,
        onDelete: 'cascade',
      })
      draft.assumptions.add(`Each ${to.label} belongs to exactly one ${from.label} and is deleted with it.`)
    }
    return
  }
  link(draft, from, to, {
    required: item.spec.required ?? (required || one || isJoin(from)),
    unique: item.spec.unique ?? false,
    ...(role && { role }),
  })
}

/** Whether the rows exist before: an order has pizzas of the menu, but lines of its own. */
const isChosen = (from: DraftEntity, to: DraftEntity) =>
  CHOOSES.has(from.name) &&
  !isJoin(to) &&
  !to.name.startsWith(from.name) &&
  to.fields.some(({ name }) => /price/i.test(name)) &&
  !to.fields.some(({ name }) => /^(?:quantity|qty|count)$/i.test(name))

/** Names such as `OrderItem` that make no sense without their target. */
const isJoin = (entity: DraftEntity) =>
  /(Item|Line|Entry|Enrollment|Membership)$/.test(entity.name) && wordsOf(entity.name).length > 1

/** `delivery address` → Address: the words before the entity's name are the relation's role. */
export function roleIn(phrase: Phrase, target: DraftEntity): string | null {
  const words = wordsOf(singular(phrase.text)).join(' ')
  return words === wordsOf(target.name).join(' ') || wordsOf(target.name).join(' ').endsWith(words)
    ? null
    : toCamel(words)
}
