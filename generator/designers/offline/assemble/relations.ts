import { singular, toCamel } from '../../../blueprint/words.ts'
import type { FactOf } from '../read/facts.ts'
import {
  addRelation,
  areRelated,
  findEntity,
  reject,
  relationName,
  type Draft,
  type DraftEntity,
} from './draft.ts'
import { a } from './sentences.ts'
import { isGenericActor } from './classify-noun.ts'
import { CHOOSES } from './privacy.ts'
import { PEOPLE, RESERVES, RESERVED, PLAIN_VERBS } from './relation-words.ts'
import { roleIn } from './relate-item.ts'
import { ONLY_READS, relateRecord } from './reservations.ts'
import { link, hasMany, manyToMany, selfReference } from './link.ts'

/** Relations that the prompt states, and those that follow from actors and verbs. */
export function relate(draft: Draft): void {
  const { facts } = draft.reading
  // Two `has many` in both directions are one many-to-many.
  for (const fact of facts) {
    if (fact.kind === 'relation') relateFact(draft, fact)
    if (fact.kind === 'selfReference') {
      const entity = findEntity(draft, fact.subject)
      if (entity) selfReference(draft, entity, fact.role)
      else reject(draft, fact.subject.tokens)
    }
    if (fact.kind === 'act') relateAct(draft, fact)
  }
}

function relateFact(draft: Draft, fact: FactOf<'relation'>): void {
  if (fact.weak) return relatePlace(draft, fact)
  const from = findEntity(draft, fact.from)
  const to = findEntity(draft, fact.to)
  if (from !== null && to === null && fact.role === 'manager')
    return selfReference(draft, from, toCamel(singular(fact.to.text)) ?? 'manager')
  if (from === null || to === null) return reject(draft, [...(fact.from?.tokens ?? []), ...fact.to.tokens])
  switch (fact.shape) {
    case 'manyToMany':
      if (from === to) return reject(draft, fact.to.tokens)
      // `playlists have many songs` beside `songs can be in many playlists` is one link.
      for (const [one, other] of [
        [from, to],
        [to, from],
      ] as const)
        if (!saysBelongs(draft, one, other)) unlink(draft, one, other)
      return manyToMany(draft, from, to, null)
    case 'hasMany':
      return from === to ? selfReference(draft, from, 'parent') : hasMany(draft, from, to)
    case 'hasOne':
      if (from === to) return reject(draft, fact.to.tokens)
      return void addRelation(to, {
        name: relationName(from),
        label: from.label,
        target: from.name,
        required: true,
        unique: true,
        onDelete: 'cascade',
      })
    case 'belongsTo': {
      const role =
        roleIn(fact.to, to) ??
        (fact.role && (PEOPLE.has(to.name) || from === to) && fact.role !== 'creator' ? fact.role : null)
      if (from === to) return selfReference(draft, from, role ?? 'parent')
      return void link(draft, from, to, { required: !fact.optional, ...(role && { role }) })
    }
  }
}

const saysBelongs = (draft: Draft, from: DraftEntity, to: DraftEntity): boolean =>
  draft.reading.facts.some(
    (fact) =>
      fact.kind === 'relation' &&
      fact.shape === 'belongsTo' &&
      findEntity(draft, fact.from) === from &&
      findEntity(draft, fact.to) === to,
  )

/** Removes the relation that `has many` alone gave. */
function unlink(draft: Draft, from: DraftEntity, to: DraftEntity): void {
  const isPlain = ({ target, name, required }: DraftEntity['relations'][number]) =>
    required && target === to.name && name === relationName(to)
  if (!from.relations.some(isPlain)) return
  from.relations = from.relations.filter((relation) => !isPlain(relation))
  draft.assumptions.delete(
    `Deleting ${a(to.label.toLowerCase())} deletes its ${from.labelPlural.toLowerCase()}.`,
  )
}

/** `add tasks to a project`. */
function relatePlace(draft: Draft, fact: FactOf<'relation'>): void {
  const [from, to] = [findEntity(draft, fact.from), findEntity(draft, fact.to)]
  if (from === null || to === null || from === to) return reject(draft, fact.to.tokens)
  if (!areRelated(draft, from, to)) link(draft, from, to, { required: false })
}

/** `customers order pizzas`, where orders have pizzas. */
const isOrdered = (draft: Draft, { verb }: FactOf<'act'>, object: DraftEntity | null): boolean =>
  /^(?:order|buy|purchase)s?$/.test(verb) &&
  [...CHOOSES].some((name) => {
    const order = draft.entities.get(name)
    return order !== undefined && object !== null && areRelated(draft, order, object)
  })

/** `customers place orders` → an order has a customer. Generic users are the API's callers. */
function relateAct(draft: Draft, fact: FactOf<'act'>): void {
  const [actor, object] = [findEntity(draft, fact.actor), findEntity(draft, fact.object)]
  if (object === null && isGenericActor(fact.actor)) return reject(draft, fact.object.tokens)
  if (fact.weak)
    return [actor === null ? fact.actor : null, object === null ? fact.object : null].forEach((phrase) => {
      if (phrase !== null) reject(draft, phrase.tokens)
    })
  if (relateRecord(draft, fact)) return
  const owns = fact.own || (RESERVES.has(fact.verb) && object !== null && RESERVED.has(object.name))
  if (actor !== null && object !== null && actor !== object && owns && !areRelated(draft, actor, object)) {
    link(draft, object, actor, { required: !isGenericActor(fact.actor) })
  }
  // `members borrow books`: it became neither an operation nor a relation.
  // Who looks at rows is a right that nobody has been given.
  if (ONLY_READS.has(fact.verb) && actor === null && !isGenericActor(fact.actor))
    return reject(draft, fact.tokens)
  const isDone =
    owns ||
    isOrdered(draft, fact, object) ||
    PLAIN_VERBS.has(fact.verb) ||
    (actor !== null && object !== null && areRelated(draft, actor, object))
  if (!isDone) reject(draft, fact.tokens)
}
