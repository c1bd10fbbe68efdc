import { singular, toCamel, toPascal, wordsOf } from '../../words.ts'
import type { FactOf, Item, Phrase } from '../read/facts.ts'
import {
  a,
  addRelation,
  areRelated,
  findEntity,
  reject,
  relationName,
  templateFor,
  type Draft,
  type DraftEntity,
} from './draft.ts'
import { isGenericActor } from './entities.ts'
import { labelOf } from './fields.ts'

/** Shared by many rows and owned by none of them. */
const SHARED = new Set([
  'Tag',
  'Label',
  'Keyword',
  'Genre',
  'Skill',
  'Topic',
  'Ingredient',
  'Allergen',
  'Amenity',
  'Interest',
  'Language',
  'Technology',
  'Actor',
  'Author',
  'Speaker',
])
/** Referred to, and not taken along when they go: deleting a category must not delete its products. */
const REFERENCES = new Set([
  'Category',
  'Customer',
  'Author',
  'Department',
  'Supplier',
  'Product',
  'Publisher',
  'Client',
  'Company',
  'Brand',
  'Vendor',
  'Location',
  'Country',
  'City',
  'Teacher',
  'Doctor',
  'Room',
  'Venue',
  'Manufacturer',
  'Role',
  'Type',
  'Status',
  'Warehouse',
  'Service',
  'Employee',
])
/** One each: `a user has a profile`. */
const PARTS = new Set([
  'Profile',
  'Settings',
  'Setting',
  'Passport',
  'Cart',
  'Wallet',
  'Resume',
  'Address',
  'Account',
  'Preference',
  'License',
  'Avatar',
  'Dashboard',
])
const PEOPLE = new Set(['User', 'Person', 'Account', 'Member', 'Employee', 'Staff', 'Customer', 'Admin'])
/** Nobody is deleted because their department is. */
const isPerson = (entity: DraftEntity) =>
  PEOPLE.has(entity.name) ||
  [
    'Student',
    'Teacher',
    'Patient',
    'Doctor',
    'Player',
    'Driver',
    'Author',
    'Agent',
    'Contact',
    'Candidate',
    'Owner',
    'Tenant',
    'Instructor',
    'Guest',
  ].includes(entity.name)

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
    // In a list of what a program has, plural nouns stand side by side; only shared ones and categories belong to its main thing.
    if (app && to.name === 'Category') return void link(draft, from, to, { required: false })
    if (SHARED.has(to.name))
      return manyToMany(draft, from, to, `since ${to.labelPlural.toLowerCase()} are usually shared`)
    if (!app) hasMany(draft, from, to)
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
      draft.assumptions.add(
        `Each ${to.label} belongs to exactly one ${from.label} and goes when it is deleted.`,
      )
    }
    return
  }
  link(draft, from, to, {
    required: item.spec.required ?? (required || one || isJoin(from)),
    unique: item.spec.unique ?? false,
    ...(role && { role }),
  })
}

/** Booking an appointment makes one; booking a room makes no room. */
const RESERVES = new Set(['book', 'books', 'order', 'orders', 'reserve', 'view', 'buy', 'buys', 'rent'])
const RESERVED = new Set([
  'Appointment',
  'Booking',
  'Reservation',
  'Ticket',
  'Order',
  'Session',
  'Viewing',
  'Rental',
])

/** Names such as `OrderItem` that make no sense without what they point to. */
const isJoin = (entity: DraftEntity) =>
  /(Item|Line|Entry|Enrollment|Membership)$/.test(entity.name) && wordsOf(entity.name).length > 1

/** `delivery address` → Address: the words before the entity's name are the relation's role. */
function roleIn(phrase: Phrase, target: DraftEntity): string | null {
  const words = wordsOf(singular(phrase.text)).join(' ')
  return words === wordsOf(target.name).join(' ') || wordsOf(target.name).join(' ').endsWith(words)
    ? null
    : toCamel(words)
}

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
  const from = findEntity(draft, fact.from)
  const to = findEntity(draft, fact.to)
  if (from !== null && to === null && fact.role === 'manager')
    return selfReference(draft, from, toCamel(singular(fact.to.text)) ?? 'manager')
  if (from === null || to === null) return reject(draft, [...(fact.from?.tokens ?? []), ...fact.to.tokens])
  switch (fact.shape) {
    case 'manyToMany':
      if (from === to) return reject(draft, fact.to.tokens)
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

/** `customers place orders` → an order has a customer. Users in general are everyone who calls the API. */
function relateAct(draft: Draft, fact: FactOf<'act'>): void {
  const [actor, object] = [findEntity(draft, fact.actor), findEntity(draft, fact.object)]
  if (object === null && isGenericActor(fact.actor)) return reject(draft, fact.object.tokens)
  if (
    actor === null ||
    object === null ||
    actor === object ||
    areRelated(draft, actor, object) ||
    !(fact.own || (RESERVES.has(fact.verb) && RESERVED.has(object.name)))
  )
    return
  link(draft, object, actor, { required: !isGenericActor(fact.actor) })
}

type Link = { role?: string; required: boolean; unique?: boolean }

/** A to-one relation, with the rule for deleting that fits it. */
function link(
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
    return false
  }
  const cascade = required && !REFERENCES.has(to.name) && !PEOPLE.has(to.name) && !isPerson(from)
  const onDelete = !required ? 'setNull' : cascade ? 'cascade' : 'restrict'
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

const spaced = (name: string) => wordsOf(name).join(' ')

function explain(
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
      `The ${spaced(name)} of ${a(from.label.toLowerCase())} is optional and is emptied when the ${one} is deleted.`,
    )
}

function hasMany(draft: Draft, from: DraftEntity, to: DraftEntity): void {
  const back = from.relations.find((relation) => relation.target === to.name && relation.required)
  if (back) {
    // The other direction was already `has many`.
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

function manyToMany(draft: Draft, from: DraftEntity, to: DraftEntity, why: string | null): void {
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

function selfReference(draft: Draft, entity: DraftEntity, role: string): void {
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
      : `The ${spaced(name)} of ${a(entity.label.toLowerCase())} is optional and is emptied when it is deleted.`,
  )
}

/** `when a user is deleted, their posts go too`. */
export function applyOnDelete(draft: Draft): void {
  for (const fact of draft.reading.facts) {
    if (fact.kind !== 'onDelete') continue
    const [target, child] = [findEntity(draft, fact.target), findEntity(draft, fact.children)]
    if (target === null || child === null) {
      reject(draft, [...fact.target.tokens, ...fact.children.tokens])
      continue
    }
    const known = child.relations.find((relation) => relation.target === target.name)
    if (known) known.onDelete = fact.rule
    else
      addRelation(child, {
        name: relationName(target),
        label: target.label,
        target: target.name,
        required: true,
        unique: false,
        onDelete: fact.rule,
      })
    for (const said of draft.assumptions) {
      if (
        said.includes(`${child.labelPlural.toLowerCase()}`) &&
        /^(Deleting|A .* cannot be deleted)/.test(said) &&
        said.toLowerCase().includes(` ${target.label.toLowerCase()} `)
      )
        draft.assumptions.delete(said)
    }
  }
}

/** Relations that entities of these names usually have. */
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
        `Gave each ${entity.label.toLowerCase()} ${required ? a(spaced(relation.name)) : `an optional ${spaced(relation.name)}`}, which the prompt does not say.`,
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
  // Tags are for something, even where the prompt only puts them in a row.
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
    `Gave each ${entity.label.toLowerCase()} ${a(whole.label.toLowerCase())}, which its name suggests.`,
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

/** A needs B needs A: nothing could ever be created, so the later link becomes optional. */
export function breakCycles(draft: Draft): void {
  for (const entity of draft.entities.values()) {
    for (const relation of entity.relations) {
      if (!relation.required || relation.name === entity.owner) continue
      if (relation.target !== entity.name && !reaches(draft, relation.target, entity.name, new Set()))
        continue
      relation.required = false
      if (relation.onDelete !== 'cascade') relation.onDelete = 'setNull'
      draft.assumptions.add(
        `Made the ${spaced(relation.name)} of ${a(entity.label.toLowerCase())} optional, since each would need the other first.`,
      )
    }
  }
}

function reaches(draft: Draft, from: string, to: string, seen: Set<string>): boolean {
  if (from === to) return true
  if (seen.has(from)) return false
  seen.add(from)
  return (
    draft.entities
      .get(from)
      ?.relations.some((relation) => relation.required && reaches(draft, relation.target, to, seen)) ?? false
  )
}
