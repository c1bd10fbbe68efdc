import { flatten, isMark, isWord, type Token } from '../text/tokens.ts'
import type { Phrase, PrivacyRule } from './facts.ts'
import { readPhrase } from './phrase.ts'
import {
  changes,
  doesBoth,
  FORBIDS_OWN,
  isDeliberate,
  sees,
  startsWithVerb,
  whoOf,
  writes,
  type ClauseAccess,
} from './privacy-words.ts'
import { add, type Reading } from './reading.ts'

/**
 * Sentences about privacy: `users can only see their own tasks`, `nobody else may read my notes`, `everyone can read,
 * only the owner can edit`. A sentence is judged as a whole before any chunk is read, since a rule that is only half
 * read would open rows that the person wants closed.
 */

type Part = { tokens: Token[]; text: string; who: ClauseAccess | null }

/** `whole`: the sentence is only about access. `part`: it also says something else. */
export function readPrivacy(tokens: readonly Token[], reading: Reading): 'none' | 'part' | 'whole' {
  const flat = flatten(tokens)
  const parts = partsOf(flat)
  parts.forEach((part, at) => {
    const before = parts[at - 1]?.who?.who
    if (part.who === null && before !== undefined && before !== 'owner' && KEEPS_FROM_OTHERS.test(part.text))
      part.who = { who: 'owner', weak: false, isPartial: false }
  })
  const speaks = ({ who, text }: Part) => who?.who === 'owner' || (who !== null && isDeliberate(text))
  // Rows have owners, so people sign in, whatever the rule is.
  if (parts.some(({ text }) => FORBIDS_OWN.test(text)))
    add(reading, { kind: 'auth', on: true, account: null, tokens: [] }, [])
  if (!parts.some(speaks)) return 'none'
  const { groups, isComplete } = groupsOf(parts)
  const rules = groups.map(ruleOf)
  const whole = isComplete && !saysMore(tokens, groups)
  const weak = groups.every(({ who }) => who?.weak !== false)
  // What was understood is settled once the entities are known.
  add(reading, { kind: 'privacy', rules, tokens: flat, weak, whole }, [])
  return whole ? 'whole' : 'part'
}

/** Drops what readers of single chunks made of the access in a sentence that was judged as a whole. */
export function dropAccess(reading: Reading, from: number): void {
  const kept = reading.facts.splice(from).filter((fact) => fact.kind !== 'access')
  reading.facts.push(...kept)
}

/** After who may read: `…but must not change them`. */
const KEEPS_FROM_OTHERS =
  /^(?:they )?(?:must not|mustn't|may not|cannot|can ?not|can't|should not|shouldn't|never|not) (?:(?:ever|be able to) )?(?:change|edit|update|modify|delete|remove)(?: or (?:change|edit|update|modify|delete|remove))* (?:them|it|those|these)$/

const CLAUSE = [
  'but',
  'while',
  'whereas',
  'though',
  'although',
  'however',
  'yet',
  'and',
  'so',
  'where',
  'because',
]

function partsOf(flat: readonly Token[]): Part[] {
  const rows: Token[][] = [[]]
  flat.forEach((token, at) => {
    const before = flat[at - 1]
    const excepts =
      isWord(token, 'but') &&
      isWord(before, 'nobody', 'one', 'no-one', 'none', 'nothing', 'anyone', 'anybody')
    const cuts = isMark(token, ',', ';', ':', '—', '–') || (isWord(token, ...CLAUSE) && !excepts)
    if (cuts) rows.push([])
    else rows.at(-1)!.push(token)
  })
  const parts = rows.filter((row) => row.some(({ kind }) => kind !== 'mark')).map(partOf)
  // `may only list, read and change projects that they own`: one rule, whose words are spread over its verbs.
  const whole = partOf(flat.filter(({ kind }) => kind !== 'mark'))
  const isSpread =
    parts.every(({ who }) => who === null) &&
    parts.slice(1).every(({ text }) => startsWithVerb.test(text)) &&
    whole.who !== null
  return isSpread ? [whole] : parts
}

function partOf(tokens: Token[]): Part {
  const text = textOf(tokens)
  return { tokens, text, who: whoOf(text) }
}

const textOf = (row: readonly Token[]): string => row.map(({ lower }) => lower).join(' ')

/** Verbs and objects may be spread over parts: `a user can see | edit only their own projects | tasks`. */
function groupsOf(parts: readonly Part[]): { groups: Part[]; isComplete: boolean } {
  const groups: Part[] = []
  let pending: Part[] = []
  let isComplete = true
  for (const part of parts) {
    const last = groups.at(-1)
    if (part.who !== null) {
      const joins = pending.length > 0 && (startsWithVerb.test(part.text) || pending.every(isNoun))
      if (!joins && pending.length > 0) isComplete = false
      const tokens = joins ? [...pending.flatMap((before) => before.tokens), ...part.tokens] : part.tokens
      // `…only their own projects, not those of others` adds nothing to the verbs before it.
      const repeats = last?.who?.who === 'owner' && part.who.who === 'owner' && !hasVerb(part.text)
      if (repeats) Object.assign(last!, joined(last!, part))
      else groups.push({ tokens, text: textOf(tokens), who: part.who })
      pending = []
    } else if (last !== undefined && pending.length === 0 && continues(part)) {
      Object.assign(last, joined(last, part))
    } else if (hasVerb(part.text) || isNoun(part)) pending.push(part)
    else isComplete = false
  }
  if (pending.length > 0) isComplete = false
  return { groups, isComplete }
}

const hasVerb = (text: string): boolean => sees.test(text) || writes.test(text) || doesBoth.test(text)

const joined = (group: Part, part: Part): Partial<Part> => ({
  tokens: [...group.tokens, ...part.tokens],
  text: `${group.text} ${part.text}`,
})

/** `projects | tasks are private`: one of several subjects. */
const isNoun = ({ text, tokens }: Part): boolean => tokens.length <= 3 && !hasVerb(text)

/** A further verb, or a further object of one to three words. */
const continues = ({ text, tokens }: Part): boolean =>
  startsWithVerb.test(text) ||
  (tokens.length <= 3 && !/\b(?:can|may|must|should|has|have|is|are)\b/.test(text))

function ruleOf({ text, tokens, who }: Part): PrivacyRule {
  const isSilent = !(doesBoth.test(text) || sees.test(text) || writes.test(text))
  const isOwner = who!.who === 'owner'
  return {
    who: who!.who,
    read: isSilent || sees.test(text) || doesBoth.test(text),
    impliesRead: !isSilent && !sees.test(text),
    write: isOwner
      ? isSilent || doesBoth.test(text) || writes.test(text)
      : doesBoth.test(text) || changes.test(text),
    isPartial: who!.isPartial,
    tokens,
    subjects: ownedBy(tokens),
    of: objectBefore(tokens),
  }
}

const STOPS =
  'of for in on at with from to by when if that which who unless except can may must should is are has have not nor via through as only too'.split(
    ' ',
  )

/** The nouns after `own`: `their own projects and tasks`. */
function ownedBy(tokens: readonly Token[]): Phrase[] {
  const at = tokens.findLastIndex((token) => isWord(token, 'own'))
  if (at < 0) return []
  const rest = tokens.slice(at + 1)
  const end = rest.findIndex((token) => isWord(token, ...STOPS) || /[^f]ly$/.test(token.lower))
  const rows: Token[][] = [[]]
  for (const token of end < 0 ? rest : rest.slice(0, end)) {
    if (token.kind === 'mark' || isWord(token, 'or', 'and')) rows.push([])
    else rows.at(-1)!.push(token)
  }
  return rows.map((row) => readPhrase(row)).filter((phrase) => phrase !== null)
}

/** What is seen in `see applications for its own jobs`: the jobs only say which. */
function objectBefore(tokens: readonly Token[]): Phrase | null {
  const own = tokens.findLastIndex((token) => isWord(token, 'own'))
  const place = tokens.findLastIndex((token, at) => at < own && isWord(token, 'for', 'of', 'on', 'in', 'to'))
  if (own < 0 || place < 1 || own - place > 2) return null
  const verb = tokens.findLastIndex(({ lower }, at) => at < place && hasVerb(lower))
  const object =
    verb < 0 ? null : readPhrase(tokens.slice(verb + 1, place).filter((token) => !isWord(token, 'only')))
  return object?.plural ? object : null
}

const MORE =
  /\b(?:apis?|apps?|backend|back-end|service|system|platform|website|application|build|tracker|crud|rest|belongs? to (?:one|exactly|a|an)|contains?|includes?|consists?|with (?!others?\b|each\b|anyone\b|anybody\b|anything\b)|admins?|administrators?|moderators?|staff|managers?|editors?|support|login|log in|sign in|sign up|register|jwt|password|share|shares|shared|invite|notify|e-?mails?|send|sort|filter|search|delete[sd]? after|archive)\b/

/** Whether the sentence also introduces fields, relations, roles or the topic, which other readers take. */
function saysMore(tokens: readonly Token[], groups: readonly Part[]): boolean {
  if (tokens.some((token) => token.kind === 'group' || token.kind === 'path' || token.kind === 'number'))
    return true
  const text = textOf(tokens).replaceAll(
    /\b(?:has|have) (?:access|to)\b|\b(?:has|have) (?:their|his|her|its|your) own\b/g,
    '',
  )
  if (MORE.test(text) || /\b(?:has|have|having)\b/.test(text)) return true
  // `each user has their own projects` also relates the two.
  return groups.some(({ text: said }) => /\b(?:has|have) (?:their|his|her|its|your) own\b/.test(said))
}
