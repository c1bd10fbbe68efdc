import { plural, wordsOf } from '../../../blueprint/words.ts'
import { matchTopic, templateOf } from '../domains/index.ts'
import type { Domain } from '../domains/types.ts'
import type { FactOf, Phrase } from '../read/facts.ts'
import { nameOf } from '../read/phrase.ts'
import { looksLikeField } from '../lexicon/field-types.ts'
import { addEntity, findEntity, reject, type Draft } from './draft.ts'
import { listed } from './sentences.ts'

/** Dependent entities, which never replace the core of a domain. */
export const SATELLITES = new Set([
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

export function keep(draft: Draft, phrase: Phrase): void {
  if (addEntity(draft, phrase) === null) reject(draft, phrase.tokens)
}

export function addTopic(
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
    // `an app like Splitwise`: a name that says nothing about its data.
    const { plural: isMany, quantity, text } = topic.phrase
    if (!isMany && looksLikeField(text)) return
    const isDescribed = draft.reading.facts.some((fact) => fact.kind === 'has' && fact.subject === null)
    if (!isMany && quantity === 'none' && !isDescribed && (topic.app || plural(text) !== text)) return
    if (topic.phrase.plural && !(topic.app && before.length > 0)) keep(draft, topic.phrase)
    else if (alone || (before.length === 0 && topic.phrase.quantity === 'one' && !topic.app))
      keep(draft, topic.phrase)
    else if (before.length === 0 && draft.entities.size === 0) keep(draft, topic.phrase)
    return
  }
  draft.domain ??= domain
  const literal =
    (domain.templates.has(name) &&
      (name === domain.core || topic.phrase.plural || (before.length === 0 && !topic.app))) ||
    // `sensor readings` are readings.
    (topic.phrase.plural && domain.templates.has(nameOf(lastWord(topic.phrase)) ?? ''))
  const isPart = needsCore(draft, domain, before)
  if (literal && (!(declared && topic.app) || isPart)) {
    addEntity(draft, topic.phrase)
    return
  }
  const wanted = entitiesOfDomain(draft, domain, declared, before, topics > 1 && draft.entities.size > 0)
  for (const entity of wanted) addEntity(draft, entity)
  if (wanted.length > 0)
    draft.assumptions.add(
      `Read "${topic.phrase.text}" as ${listed(wanted.map((entity) => wordsOf(entity).join(' ')))} records.`,
    )
  domain.notes?.forEach((note) => draft.missing.add(note))
}

const lastWord = (phrase: Phrase): Phrase => ({ ...phrase, text: phrase.tokens.at(-1)!.text })

/** `pizza restaurant` → restaurant: only for program names, whose last words give the kind. */
function tailTopic(phrase: Phrase): Domain | null {
  const words = phrase.text.split(' ')
  return words.length > 1 ? (matchTopic(words.slice(-2).join(' ')) ?? matchTopic(words.at(-1)!)) : null
}

/** Questions need a quiz, unless they can belong to another entity or the prompt says what they belong to. */
function needsCore(draft: Draft, domain: Domain, names: readonly string[]): boolean {
  const related = new Set(
    draft.reading.facts.flatMap((fact) =>
      fact.kind === 'relation' && !fact.weak && fact.from !== null ? [nameOf(fact.from)] : [],
    ),
  )
  return names.some((name) => {
    if (related.has(name)) return false
    const required = templateOf(name)?.belongsTo.filter((relation) => relation.required) ?? []
    return (
      required.some(({ target }) => target === domain.core) &&
      !required.some(({ target }) => names.includes(target))
    )
  })
}

function entitiesOfDomain(
  draft: Draft,
  domain: Domain,
  declared: boolean,
  before: readonly string[],
  others: boolean,
): readonly string[] {
  const isPart = needsCore(draft, domain, before)
  if (declared) return isPart ? [domain.core] : []
  if (before.length === 0) return others ? [domain.core] : domain.entities
  const outside = before.filter((name) => !SATELLITES.has(name) && !domain.templates.has(name))
  if (outside.length > 0) return []
  // A list of three entities is complete.
  if (before.filter((name) => !SATELLITES.has(name)).length >= 3) return []
  const inside = before.filter((name) => domain.entities.includes(name) && !SATELLITES.has(name)).length > 0
  const relates = before.some((name) =>
    templateOf(name)?.belongsTo.some((relation) => relation.target === domain.core),
  )
  if (inside || relates) return [domain.core]
  return before.some((name) => !SATELLITES.has(name)) ? [] : domain.entities
}
