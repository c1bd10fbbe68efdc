import { singular, wordsOf } from '../../words.ts'
import { matchTopic, templateOf } from '../domains/index.ts'
import type { Domain } from '../domains/types.ts'
import { FEATURES } from '../lexicon/features.ts'
import { looksLikeField } from '../lexicon/field-types.ts'
import { APP_NOUNS } from '../lexicon/words.ts'
import type { Fact, FactOf, Item, Phrase } from '../read/facts.ts'
import { nameOf } from '../read/phrase.ts'
import { collectionOf } from './routes.ts'
import { addEntity, findEntity, listed, reject, type Draft } from './draft.ts'

/** Which nouns are entities. */
const GENERIC_ACTORS = new Set(
  'user person people anyone everyone visitor guest admin administrator client i we they member owner manager staff somebody someone public'.split(
    ' ',
  ),
)
/** Entities that hang on others and never make the core of a domain superfluous. */
const SATELLITES = new Set([
  'User',
  'Tag',
  'Label',
  'Category',
  'Comment',
  'Review',
  'Rating',
  'Like',
  'Attachment',
  'Note',
  'Account',
  'Admin',
  'Role',
  'Favorite',
  'Bookmark',
  'Priority',
  'Subtask',
  'Reminder',
  'Profile',
  'Address',
  'Notification',
])

export const isGenericActor = (phrase: Phrase) => GENERIC_ACTORS.has(singular(phrase.text.toLowerCase()))
export function isFeature(phrase: Phrase): boolean {
  const words = wordsOf(singular(phrase.text))
  return (
    FEATURES.has(words.at(-1) ?? '') ||
    words.some((word) =>
      [
        'stripe',
        'paypal',
        'pdf',
        'csv',
        'excel',
        'push',
        'webhook',
        'oauth',
        'realtime',
        'automated',
        'automatic',
      ].includes(word),
    )
  )
}

/** A mark among the usual names: the program is said to have other records too. */
const LISTS_RECORDS = '*'

/** A noun of a list that is rows and not a value: plural, or with a field list of its own. */
export function isEntityItem(item: Item, app: boolean, usual: ReadonlySet<string>): boolean {
  if (item.spec.kind !== undefined || (item.spec.values !== undefined && !item.maybe)) return false
  if (item.phrase.tokens.some((token) => ['of', 'on', 'at', 'per', 'is', 'has', 'in'].includes(token.lower)))
    return false
  if (item.phrase.quantity === 'many' && item.phrase.plural) return true
  if (item.details.length > 0) {
    if (looksLikeField(item.phrase.text) && !item.phrase.plural) return false
    return (
      item.phrase.plural ||
      item.details.some((detail) => Object.keys(detail.spec).length > 0 || looksLikeField(detail.phrase.text))
    )
  }
  if (Object.keys(item.spec).length > 0 && !item.phrase.plural) return false
  const name = nameOf(item.phrase) ?? ''
  if (usual.has(name) && item.phrase.plural) return true
  // `with products, cart and orders`: the singular of a thing that is always a record.
  if (
    app &&
    usual.has(LISTS_RECORDS) &&
    templateOf(name) !== null &&
    !looksLikeField(item.phrase.text) &&
    !isFeature(item.phrase)
  )
    return true
  return item.phrase.plural && !looksLikeField(item.phrase.text) && !(app && isFeature(item.phrase))
}

export function nameEntities(draft: Draft): void {
  const { facts } = draft.reading
  const declared = facts.some(
    (fact) =>
      fact.kind === 'entity' ||
      (fact.kind === 'has' && fact.subject !== null && !fact.app) ||
      fact.kind === 'route',
  )
  for (const fact of facts) {
    if (fact.kind === 'has' && fact.app && isEntityItem(fact.item, true, draft.usual))
      draft.usual.add(LISTS_RECORDS)
    if (fact.kind !== 'topic' && fact.kind !== 'entity') continue
    const domain = matchTopic(fact.phrase.text)
    domain?.entities.forEach((name) => draft.usual.add(name))
  }
  // Names that stand on their own come first, so that `blog post` later finds Post.
  for (const fact of facts) if (fact.kind === 'entity') keep(draft, fact.phrase)
  const explicit = facts.filter((fact) => fact.kind !== 'topic')
  for (const fact of explicit)
    for (const phrase of entitiesOf(fact, draft.usual))
      if (findEntity(draft, phrase) === null) keep(draft, phrase)
  const before = [...draft.entities.keys()]
  // Records that are named come before programs, whose usual records depend on them.
  const isNamed = (fact: FactOf<'topic'>) => {
    const domain = matchTopic(fact.phrase.text)
    const name = nameOf(fact.phrase) ?? ''
    return domain?.templates.has(name) === true && (fact.phrase.plural || domain.core === name)
  }
  const topics = facts
    .filter((fact) => fact.kind === 'topic')
    .toSorted((a, b) => Number(isNamed(b)) - Number(isNamed(a)))
  for (const topic of topics) {
    const others = isNamed(topic) ? before : [...draft.entities.keys()]
    addTopic(draft, topic, declared, others, topics.length)
  }
  const ordered = topics
    .map(
      (topic) =>
        findEntity(draft, topic.phrase) ?? draft.entities.get(matchTopic(topic.phrase.text)?.core ?? ''),
    )
    .find((entity) => entity !== null && entity !== undefined)
  const core = draft.domain ? draft.entities.get(draft.domain.core) : undefined
  const all = [...draft.entities.values()]
  draft.main = ordered ?? core ?? all.find((entity) => !SATELLITES.has(entity.name)) ?? all[0] ?? null
}

function keep(draft: Draft, phrase: Phrase): void {
  if (addEntity(draft, phrase) === null) reject(draft, phrase.tokens)
}

function entitiesOf(fact: Fact, usual: ReadonlySet<string>): Phrase[] {
  switch (fact.kind) {
    case 'has': {
      const subject = fact.subject !== null && !fact.app && !isProgram(fact.subject) ? [fact.subject] : []
      return isEntityItem(fact.item, fact.app, usual) ? [...subject, fact.item.phrase] : subject
    }
    case 'relation':
      return [fact.from, fact.role === 'manager' ? null : fact.to].filter((phrase) => phrase !== null)
    case 'access':
      return fact.who === 'owner' &&
        fact.subject?.plural &&
        !isGenericActor(fact.subject) &&
        !isFeature(fact.subject)
        ? [fact.subject]
        : []
    case 'selfReference':
      return [fact.subject]
    case 'act':
      return [fact.actor, fact.object].filter(
        (phrase) => !isGenericActor(phrase) && !isFeature(phrase) && !looksLikeField(phrase.text),
      )
    case 'route': {
      const phrase = collectionOf(fact)?.phrase
      return phrase ? [phrase] : []
    }
    case 'entity':
    case 'topic':
    case 'constraint':
    case 'onDelete':
    case 'auth':
    case 'prefix':
    case 'operations':
    case 'project':
    case 'note':
      return []
  }
}

export const isProgram = (phrase: Phrase) =>
  phrase.tokens.every((token) => APP_NOUNS.has(token.lower)) || /^(it|this)$/i.test(phrase.text)

function addTopic(
  draft: Draft,
  topic: FactOf<'topic'>,
  declared: boolean,
  before: readonly string[],
  topics: number,
): void {
  const domain = matchTopic(topic.phrase.text) ?? (topic.app ? tailTopic(topic.phrase) : null)
  const name = nameOf(topic.phrase)
  if (name === null) return
  if (findEntity(draft, topic.phrase) !== null) {
    draft.domain ??= domain
    return
  }
  if (domain === null) {
    const alone = before.length === 0 && topics === 1
    if (topic.phrase.plural && !(topic.app && before.length > 0)) keep(draft, topic.phrase)
    else if (alone || (before.length === 0 && topic.phrase.quantity === 'one' && !topic.app))
      keep(draft, topic.phrase)
    else if (before.length === 0 && draft.entities.size === 0) keep(draft, topic.phrase)
    return
  }
  draft.domain ??= domain
  const literal =
    domain.templates.has(name) &&
    (name === domain.core || topic.phrase.plural || (before.length === 0 && !topic.app))
  const isPart = needsCore(domain, before)
  if (literal && (!(declared && topic.app) || isPart)) {
    addEntity(draft, topic.phrase)
    return
  }
  const wanted = entitiesOfDomain(domain, declared, before, topics > 1 && draft.entities.size > 0)
  for (const entity of wanted) addEntity(draft, entity)
  if (wanted.length > 0)
    draft.assumptions.add(
      `Read "${topic.phrase.text}" as ${listed(wanted.map((entity) => wordsOf(entity).join(' ')))} records.`,
    )
  domain.notes?.forEach((note) => draft.missing.add(note))
}

/** `pizza restaurant` → restaurant: only for the name of a program, where the last words tell its kind. */
function tailTopic(phrase: Phrase): Domain | null {
  const words = phrase.text.split(' ')
  return words.length > 1 ? (matchTopic(words.slice(-2).join(' ')) ?? matchTopic(words.at(-1)!)) : null
}

/** Questions need a quiz, unless there is another thing that they may belong to. */
function needsCore(domain: Domain, names: readonly string[]): boolean {
  return names.some((name) => {
    const required = templateOf(name)?.belongsTo.filter((relation) => relation.required) ?? []
    return (
      required.some(({ target }) => target === domain.core) &&
      !required.some(({ target }) => names.includes(target))
    )
  })
}

function entitiesOfDomain(
  domain: Domain,
  declared: boolean,
  before: readonly string[],
  others: boolean,
): readonly string[] {
  const isPart = needsCore(domain, before)
  if (declared) return isPart ? [domain.core] : []
  if (before.length === 0) return others ? [domain.core] : domain.entities
  const outside = before.filter((name) => !SATELLITES.has(name) && !domain.templates.has(name))
  if (outside.length > 0) return []
  // Who lists three kinds of records has listed them all.
  if (before.filter((name) => !SATELLITES.has(name)).length >= 3) return []
  const inside = before.filter((name) => domain.entities.includes(name) && !SATELLITES.has(name)).length > 0
  const relates = before.some((name) =>
    templateOf(name)?.belongsTo.some((relation) => relation.target === domain.core),
  )
  if (inside || relates) return [domain.core]
  return before.some((name) => !SATELLITES.has(name)) ? [] : domain.entities
}
