import { matchTopic } from '../domains/index.ts'
import type { Fact, FactOf, Phrase } from '../read/facts.ts'
import { nameOf } from '../read/phrase.ts'
import { collectionOf } from './routes.ts'
import { findEntity, type Draft } from './draft.ts'
import { addRecords, nounsOfAct } from './reservations.ts'
import { SATELLITES, keep, addTopic } from './topics.ts'
import { isGenericActor, isFeature, LISTS_RECORDS, isEntityItem } from './classify-noun.ts'

/** Finds the entities: nouns of sentences first, then those of the topic. */
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
  // Standalone names come first, so that `blog post` later finds Post.
  for (const fact of facts) if (fact.kind === 'entity') keep(draft, fact.phrase)
  // `only HR can see salaries`, where employees have a salary.
  const fields = new Set(
    facts.flatMap((fact) =>
      fact.kind === 'has' && !fact.app && !fact.item.phrase.plural ? [nameOf(fact.item.phrase) ?? ''] : [],
    ),
  )
  const explicit = facts.filter((fact) => fact.kind !== 'topic')
  for (const fact of explicit)
    for (const phrase of entitiesOf(fact, draft.usual, fields))
      if (findEntity(draft, phrase) === null) keep(draft, phrase)
  const before = [...draft.entities.keys()]
  // Named entities come before programs, whose typical entities depend on them.
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
  addRecords(draft)
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

function entitiesOf(fact: Fact, usual: ReadonlySet<string>, fields: ReadonlySet<string>): Phrase[] {
  switch (fact.kind) {
    case 'has': {
      const subject = fact.subject !== null && !fact.app ? [fact.subject] : []
      return isEntityItem(fact.item, fact.app, usual) ? [...subject, fact.item.phrase] : subject
    }
    case 'relation':
      if (fact.weak) return []
      return [fact.from, fact.role === 'manager' ? null : fact.to].filter((phrase) => phrase !== null)
    case 'access':
      return fact.who === 'owner' &&
        fact.subject?.plural &&
        !isGenericActor(fact.subject) &&
        !isFeature(fact.subject)
        ? [fact.subject]
        : []
    case 'privacy':
      return fact.rules
        .flatMap(({ subjects }) => subjects)
        .filter((phrase) => phrase.plural && !isGenericActor(phrase) && !isFeature(phrase))
    case 'role':
      return fact.subjects.filter(
        (phrase) =>
          phrase.plural && !isGenericActor(phrase) && !isFeature(phrase) && !fields.has(nameOf(phrase) ?? ''),
      )
    case 'selfReference':
      return [fact.subject]
    case 'act':
      return nounsOfAct(fact)
    case 'route': {
      const phrase = collectionOf(fact)?.phrase
      return phrase ? [phrase] : []
    }
    case 'entity':
    case 'topic':
    case 'constraint':
    case 'fieldRule':
    case 'onDelete':
    case 'auth':
    case 'prefix':
    case 'operations':
    case 'project':
    case 'note':
      return []
  }
}
