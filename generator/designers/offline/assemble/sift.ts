import { looksLikeField, typeFromName } from '../lexicon/field-types.ts'
import { TECHNOLOGY } from '../lexicon/not-records.ts'
import { templateOf } from '../domains/index.ts'
import type { Fact, FactOf, Item, Phrase } from '../read/facts.ts'
import { nameOf } from '../read/phrase.ts'
import type { Reading } from '../read/reading.ts'
import { flatten } from '../text/tokens.ts'
import { isGenericActor } from './classify-noun.ts'
import { namesRecords } from './record-nouns.ts'

/** Fewer fields than this share of a list, and the list is prose: skills, benefits, names of people. */
const FIELDS = 0.5

/**
 * Drops facts that only look like data: `Experience with Docker is a plus` names no rows. Their words count as unread,
 * so that they are reported, and so that a prompt of such sentences is refused.
 */
export function sift(reading: Reading): void {
  const prose = proseLists(reading.facts)
  const inProse = namesIn(reading.facts.filter((fact) => prose.has(fact)))
  const elsewhere = namesIn(
    reading.facts.filter((fact) => !prose.has(fact) && !(fact.kind === 'entity' && fact.label)),
  )
  /** Whether nothing but a heading names this entity: `Full-Stack Developer` above a posting. */
  const isOnlyTitle = ({ phrase }: FactOf<'entity'>): boolean => {
    const name = nameOf(phrase) ?? ''
    return !elsewhere.has(name) && (templateOf(name) === null || inProse.has(name))
  }
  // `Remarks have a text`: whatever has fields is data.
  const described = new Set(
    reading.facts.flatMap((fact) =>
      fact.kind === 'has' && fact.subject !== null && !prose.has(fact) && isKnown(fact.item)
        ? [nameOf(fact.subject) ?? '']
        : [],
    ),
  )
  const isData = (fact: Fact) =>
    !(fact.kind === 'has' && prose.has(fact)) &&
    !(fact.kind === 'entity' && fact.label && isOnlyTitle(fact)) &&
    nounsOf(fact).every((phrase) => described.has(nameOf(phrase) ?? '') || namesRecords(phrase)) &&
    !(fact.kind === 'topic' && !fact.app && TECHNOLOGY.has(fact.phrase.tokens[0]!.lower))
  const kept = reading.facts.filter(isData)
  const rest = new Set(kept)
  const dropped = reading.facts.filter((fact) => !rest.has(fact))
  reading.facts.splice(0, reading.facts.length, ...kept)
  const { coverage, sources } = reading
  const wordsOf = (facts: readonly Fact[]) => facts.flatMap((fact) => flatten(sources.get(fact) ?? []))
  // Words that a kept fact shares with a dropped one stay read.
  const shared = wordsOf(kept).filter((token) => coverage.has(token))
  coverage.unread(wordsOf(dropped))
  coverage.read([...shared, ...reading.title])
}

/** The names of the nouns of these facts, fields included. */
const namesIn = (facts: readonly Fact[]): ReadonlySet<string> =>
  new Set(
    facts
      .flatMap((fact) => (fact.kind === 'has' ? [fact.subject, fact.item.phrase] : nounsOf(fact)))
      .flatMap((phrase) => (phrase === null ? [] : [nameOf(phrase) ?? ''])),
  )

/** The nouns that a fact would make into entities. */
function nounsOf(fact: Fact): Phrase[] {
  switch (fact.kind) {
    case 'topic':
      return fact.app ? [] : [fact.phrase]
    case 'entity':
      return fact.listed ? [] : [fact.phrase]
    case 'has':
      return fact.subject === null || fact.app ? [] : [fact.subject]
    case 'relation':
      if (fact.weak) return []
      return [fact.from, fact.to].filter((phrase) => phrase !== null)
    case 'selfReference':
      return [fact.subject]
    case 'act':
      return [fact.actor, fact.object].filter((phrase) => !isGenericActor(phrase))
    default:
      return []
  }
}

/** The members of lists under one subject that hold too few fields, such as `Your profile: React, analytical thinking`. */
function proseLists(facts: readonly Fact[]): ReadonlySet<Fact> {
  const lists = new Map<Phrase, FactOf<'has'>[]>()
  for (const fact of facts)
    if (fact.kind === 'has' && fact.subject !== null && !fact.app && !fact.isColumn)
      lists.set(fact.subject, [...(lists.get(fact.subject) ?? []), fact])
  const isProse = (subject: Phrase, list: readonly FactOf<'has'>[]) => {
    if (list.length < 2 || templateOf(nameOf(subject) ?? '') !== null) return false
    const known = list.filter(({ item }) => isKnown(item))
    const unknown = list.filter(({ item }) => !isKnown(item))
    if (known.length > 0 && unknown.every(({ item }) => isCapital(item))) return false
    return (known.length + unknown.filter(({ item }) => isPlausible(item)).length) / list.length < FIELDS
  }
  return new Set([...lists].flatMap(([subject, list]) => (isProse(subject, list) ? list : [])))
}

const isKnown = ({ phrase, spec, details }: Item): boolean =>
  typeFromName(phrase.text).known ||
  looksLikeField(phrase.text) ||
  details.length > 0 ||
  Object.keys(spec).some((key) => key !== 'note' && key !== 'boundTokens')

const isCapital = ({ phrase }: Item) => /^\p{Lu}/u.test(phrase.text)

function isPlausible({ phrase }: Item): boolean {
  const words = phrase.text.split(/\s+/)
  if (words.length > 2 || isCapital({ phrase } as Item)) return false
  const last = words.at(-1)!.toLowerCase()
  return !TECHNOLOGY.has(last) && !/[a-z]{3}ing$/.test(last)
}
