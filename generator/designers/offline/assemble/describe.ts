import { toPascal, wordsOf } from '../../../blueprint/words.ts'
import { looksLikeField } from '../lexicon/field-types.ts'
import type { FactOf, Item } from '../read/facts.ts'
import { nameOf } from '../read/phrase.ts'
import { isWord } from '../text/tokens.ts'
import {
  addField,
  findEntity,
  reject,
  relationName,
  templateFor,
  type Draft,
  type DraftEntity,
} from './draft.ts'
import { isEntityItem, isFeature } from './classify-noun.ts'
import { fieldName, findField, isAutomatic } from './field-names.ts'
import { fromTemplate, makeField, refine } from './fields.ts'
import { isIdentifying } from './required.ts'
import { relateItem, relateReference } from './relate-item.ts'

/** Adds fields to entities: first those that the prompt lists, then typical ones, then additions. */
export function describeEntities(draft: Draft): void {
  let topic: DraftEntity | null = null
  for (const fact of draft.reading.facts) {
    if (fact.kind === 'topic') topic = findEntity(draft, fact.phrase) ?? topic
    if (fact.kind === 'has') applyHas(draft, fact, topic)
  }
  for (const entity of draft.entities.values()) fillIn(draft, entity)
  let current: DraftEntity | null = draft.main
  for (const fact of draft.reading.facts) {
    if (fact.kind === 'has') current = findEntity(draft, fact.subject) ?? current
    if (fact.kind === 'entity' || fact.kind === 'topic') current = findEntity(draft, fact.phrase) ?? current
    if (fact.kind === 'constraint') applyConstraint(draft, fact, current)
  }
}

function applyHas(draft: Draft, fact: FactOf<'has'>, topic: DraftEntity | null): void {
  const { item, app } = fact
  const subject = app || fact.subject === null ? (topic ?? draft.main) : findEntity(draft, fact.subject)
  if (subject === null) return reject(draft, item.tokens)
  const { kind, values, listOf } = item.spec
  const plainNoun = kind === undefined && values === undefined && listOf === undefined
  const found = plainNoun || item.maybe ? findEntity(draft, item.phrase) : null
  // A column that is called like its sheet is what the rows are called.
  const target = fact.isColumn === true && found === subject ? null : found
  if (target !== null && (isEntityItem(item, app, draft.usual) || isMeant(target, item))) {
    describeInPlace(draft, target, item)
    // `tweets (max 280 characters)`: a bound on an entity has no clear meaning.
    if (item.spec.boundTokens) reject(draft, item.spec.boundTokens)
    if (!(app && target === subject)) relateItem(draft, subject, target, item, app, fact.required === true)
    return
  }
  const vague = app && !looksLikeField(item.phrase.text) && Object.keys(item.spec).length === 0
  if (
    vague ||
    (item.phrase.quantity !== 'one' &&
      isFeature(item.phrase) &&
      plainNoun &&
      !looksLikeField(item.phrase.text))
  )
    return reject(draft, item.tokens)
  const must = fact.required === true && item.spec.required === undefined
  putField(
    draft,
    subject,
    must ? { ...item, spec: { ...item.spec, required: true } } : item,
    app && subject.stated !== 'listed',
  )
}

/** `parent category` ends with Category; where only `OrderItem` ends with `item`, the noun may still be a value. */
const isMeant = (target: DraftEntity, item: Item) =>
  !/^(?:number|count|amount|total|sum|date|type|kind|place) of /i.test(item.phrase.text) &&
  (nameOf(item.phrase)?.endsWith(target.name) === true ||
    !looksLikeField(item.phrase.text) ||
    // `exactly one plan`, where there are membership plans
    item.tokens.some((token) => isWord(token, 'one', 'exactly')))

/** `tasks (title, done)` inside a list: the parentheses contain the entity's fields. */
function describeInPlace(draft: Draft, entity: DraftEntity, item: Item): void {
  for (const detail of item.details) {
    const known = findEntity(draft, detail.phrase)
    if (known !== null && Object.keys(detail.spec).length === 0 && known !== entity)
      relateItem(draft, entity, known, detail, false, false)
    else putField(draft, entity, detail, false)
  }
}

function putField(draft: Draft, entity: DraftEntity, item: Item, extends_: boolean): void {
  const name = fieldName(item.phrase.text)
  if (name === null) return reject(draft, item.tokens)
  if (isAutomatic(name)) {
    draft.assumptions.add('Every record has id, createdAt and updatedAt, which are set by the service.')
    return
  }
  if (isPlace(item)) {
    for (const detail of item.details) putField(draft, entity, detail, extends_)
    return
  }
  const reference = item.spec.refers ? findEntity(draft, item.spec.refers) : keyTarget(draft, item)
  if (reference !== null) {
    relateReference(draft, entity, reference, item)
    if (entity.stated === 'none') entity.stated = extends_ ? 'extended' : 'listed'
    return
  }
  if (item.spec.refers) reject(draft, item.spec.refers.tokens)
  const field = makeField(item, (what) => draft.missing.add(what))
  if (field === null || addField(entity, field) === null) return reject(draft, item.tokens)
  if (!extends_) entity.stated = 'listed'
  else if (entity.stated === 'none') entity.stated = 'extended'
}

/** `location (lat, long)`: the parts of a place, and no values to choose from. */
const isPlace = ({ maybe, details }: Item): boolean =>
  maybe &&
  details.length === 2 &&
  details.every(({ phrase }) => /^(?:lat|latitude|lng|lon|long|longitude|x|y)$/i.test(phrase.text))

/** `user_id`: a foreign key by its name. */
function keyTarget(draft: Draft, item: Item): DraftEntity | null {
  const words = wordsOf(item.phrase.text)
  if (words.length < 2 || words.at(-1) !== 'id') return null
  return draft.entities.get(toPascal(words.slice(0, -1).join(' ')) ?? '') ?? null
}

/** Typical fields, if the prompt names none or only adds to them. */
function fillIn(draft: Draft, entity: DraftEntity): void {
  if (entity.stated === 'listed') return
  if (entity.stated === 'extended' && (entity.fields.length >= 3 || entity.fields.some(isIdentifying))) return
  const template = templateFor(draft, entity.name)
  const usual = template?.fields.map(fromTemplate) ?? [
    {
      ...fromTemplate({
        text: 'name',
        kind: 'string',
        values: [],
        required: true,
        unique: false,
        fallback: null,
        example: null,
      }),
    },
    fromTemplate({
      text: 'description',
      kind: 'text',
      values: [],
      required: false,
      unique: false,
      fallback: null,
      example: null,
    }),
  ]
  const stated = entity.fields
  // An existing relation or link replaces the text field.
  const linked = new Set([...entity.relations.map(({ name }) => name), ...linkedNames(draft, entity)])
  entity.fields = usual.filter(({ name }) => !linked.has(name))
  for (const field of stated) addField(entity, field)
  const assumed = entity.fields
    .filter((field) => !stated.some((other) => other.name === field.name))
    .map((field) => field.name)
  if (assumed.length === 0) return
  const why = stated.length === 0 ? 'since the prompt names none' : 'beside those that the prompt names'
  draft.assumptions.add(`Assumed fields for ${entity.label}: ${assumed.join(', ')}, ${why}.`)
}

function applyConstraint(draft: Draft, fact: FactOf<'constraint'>, current: DraftEntity | null): void {
  const { item } = fact
  const complain = (what: string) => draft.missing.add(what)
  const named = findEntity(draft, fact.subject)
  const candidates = [
    named,
    named === null ? current : null,
    ...(named === null ? draft.entities.values() : []),
  ]
  for (const entity of candidates) {
    const field = entity && findField(entity, item.phrase)
    if (!field) continue
    refine(field, item.spec, item.phrase.text, complain)
    return
  }
  const relation = candidates
    .flatMap((entity) => entity?.relations ?? [])
    .find((known) => known.name === fieldName(item.phrase.text))
  if (relation && item.spec.required !== undefined && item.spec.values === undefined) {
    relation.required = item.spec.required
    if (!relation.required && relation.onDelete !== 'cascade') relation.onDelete = 'setNull'
    if (relation.required && relation.onDelete === 'setNull') relation.onDelete = 'restrict'
    return
  }
  // `a request is open, answered or closed`
  const rows = findEntity(draft, item.phrase)
  if (rows !== null && item.spec.values !== undefined && !item.phrase.plural) {
    const status = makeField({ ...item, phrase: { ...item.phrase, text: 'status' } }, complain)
    if (status !== null && addField(rows, status) !== null) return
  }
  const entity = named ?? current
  const tells = looksLikeField(item.phrase.text) || (!item.phrase.plural && item.spec.kind !== undefined)
  if (entity === null || !tells || rows !== null) return reject(draft, item.tokens)
  const field = makeField(item, complain)
  if (field === null || isAutomatic(field.name) || addField(entity, field) === null)
    reject(draft, item.tokens)
}

/** Names of linked entities: `author` for books with authors. */
const linkedNames = (draft: Draft, { name }: DraftEntity): string[] =>
  draft.manyToMany
    .filter(({ left, right }) => left === name || right === name)
    .map(({ left, right }) => relationName(draft.entities.get(left === name ? right : left)!))
