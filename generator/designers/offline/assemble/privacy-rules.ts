import { singular } from '../../../blueprint/words.ts'
import { EMPTY_WORDS } from '../lexicon/words.ts'
import type { FactOf, PrivacyRule } from '../read/facts.ts'
import { RULE_WORDS, sees, writes } from '../read/privacy-words.ts'
import { readPhrase } from '../read/phrase.ts'
import { flatten, isWord, type Token } from '../text/tokens.ts'
import { findEntity, type Draft, type DraftEntity } from './draft.ts'
import { OPEN, privacyOf } from './privacy.ts'

/** Which entities the sentences about privacy mean. What cannot be told apart is closed as well. */

export type ClosedBy = { readonly rule: PrivacyRule; readonly fact: FactOf<'privacy'> }

export function privacyRules(
  draft: Draft,
  account: DraftEntity,
): ReadonlyMap<DraftEntity, readonly ClosedBy[]> {
  const found = new Map<DraftEntity, ClosedBy[]>()
  const others = [...draft.entities.values()].filter((entity) => entity !== account)
  for (const fact of draft.reading.facts) {
    if (fact.kind !== 'privacy') continue
    let isAboutAccounts = false
    for (const rule of fact.rules) {
      const meant = entitiesOf(draft, rule, fact, account)
      isAboutAccounts ||= meant?.[0] === account
      for (const entity of meant ?? others) found.set(entity, [...(found.get(entity) ?? []), { rule, fact }])
    }
    settleWords(draft, fact, isAboutAccounts)
  }
  return found
}

/** The entities of a rule: by its own words, those of its sentence, or those that a pronoun refers to; null for all. */
function entitiesOf(
  draft: Draft,
  rule: PrivacyRule,
  fact: FactOf<'privacy'>,
  account: DraftEntity,
): DraftEntity[] | null {
  const object = findEntity(draft, rule.of)
  const isMeant = (one: DraftEntity) =>
    one !== account && (object === null || !OPEN.has(privacyOf(draft, one)))
  const owned = rule.subjects.flatMap((phrase) => findEntity(draft, phrase) ?? []).filter(isMeant)
  if (object !== null && object !== account) owned.unshift(object)
  if (owned.length > 0) return [...new Set(owned)]
  const text = fact.tokens.map(({ lower }) => lower).join(' ')
  for (const tokens of [rule.tokens, fact.tokens]) {
    const named = mentioned(draft, tokens, account)
    if (named.length > 0) return named
  }
  if (ABOUT_ACCOUNTS.test(text)) return [account]
  if (!PRONOUNS.test(text) || ALL.test(text)) return null
  const earlier = draft.reading.rows.filter((row) => (row[0]?.start ?? 0) < (fact.tokens[0]?.start ?? 0))
  for (const row of earlier.toReversed()) {
    const named = mentioned(draft, flatten(row), account)
    if (named.length > 0) return named
  }
  return null
}

const PRONOUNS = /\b(?:it|them|these|those|they|this)\b/
const ALL = /\b(?:everything|anything|all|data|stuff|things|content|records|items)\b/
const ABOUT_ACCOUNTS =
  /\b(?:e-?mails?|e-mail|profiles?|accounts?|phone|addresses|personal (?:data|information|details))\b/

/** Entities in these words; the actor does not count beside what is acted on. */
function mentioned(draft: Draft, tokens: readonly Token[], account: DraftEntity): DraftEntity[] {
  const places: { entity: DraftEntity; at: number }[] = []
  for (let at = 0; at < tokens.length; at++) {
    for (const length of [3, 2, 1]) {
      const entity = entityAt(draft, tokens.slice(at, at + length), length)
      if (entity === null) continue
      const isActor = isWord(tokens[at - 1], 'by') || isWord(tokens[at - 2], 'by')
      if (entity !== account && !isActor) places.push({ entity, at })
      at += length - 1
      break
    }
  }
  const verb = tokens.findIndex(
    ({ lower }) =>
      sees.test(lower) || writes.test(lower) || /^(?:can|may|must|should|can't|cannot|has|have)$/.test(lower),
  )
  const after = verb < 0 ? [] : places.filter(({ at }) => at > verb)
  return [...new Set((after.length > 0 ? after : places).map(({ entity }) => entity))]
}

function entityAt(draft: Draft, tokens: readonly Token[], length: number): DraftEntity | null {
  if (tokens.length < length || tokens.some(({ kind }) => kind !== 'word')) return null
  const bare = tokens.map((token) => ({ ...token, text: token.text.replace(/['’]s?$/u, '') }))
  const phrase = readPhrase(bare)
  if (phrase === null || phrase.tokens.length < length) return null
  if (length > 1) return draft.entities.get(nameFor(phrase.text)) ?? null
  return findEntity(draft, phrase)
}

const nameFor = (text: string): string =>
  singular(text)
    .split(/\s+/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')

/** Marks what is understood as read; the rest of the sentence is reported. */
function settleWords(
  draft: Draft,
  { tokens, rules, whole }: FactOf<'privacy'>,
  isAboutAccounts: boolean,
): void {
  if (rules.some(({ isPartial }) => isPartial)) return
  const own = whole ? tokens : rules.flatMap((rule) => rule.tokens)
  const known = own.filter(
    (token) =>
      RULE_WORDS.has(token.lower) ||
      EMPTY_WORDS.has(token.lower) ||
      (isAboutAccounts && ABOUT_ACCOUNTS.test(token.lower)) ||
      entityAt(draft, [token], 1) !== null,
  )
  draft.reading.coverage.read(known)
}

/** Whether every word of a sentence was understood. */
export const isFullyRead = (draft: Draft, { tokens }: FactOf<'privacy'>): boolean =>
  tokens.every(
    (token) => token.kind !== 'word' || EMPTY_WORDS.has(token.lower) || draft.reading.coverage.has(token),
  )
