import { singular } from '../../../blueprint/words.ts'
import { looksLikeField } from '../lexicon/field-types.ts'
import { MODALS } from '../lexicon/words.ts'
import { findMatch } from '../text/match.ts'
import { isWord, type Token } from '../text/tokens.ts'
import { readPhrase } from './phrase.ts'
import { add, type ChunkReader } from './reading.ts'

/**
 * Who sets a field: `only staff may change the status of a claim`, `customers set the total`, `the price is set by admins`.
 * A name of rows in place of a field (`only admins can change books`) is a rule about roles.
 */
export const readFieldRule: ChunkReader = (list, at, state, reading) => {
  const { tokens } = list[at]!
  const rule = activeRule(tokens) ?? passiveRule(tokens)
  if (rule === null) return 0
  const actor = readPhrase(rule.actor)
  const place = findMatch(rule.object, 'of')
  const field = readPhrase(place === null ? rule.object : rule.object.slice(0, place.at))
  if (actor === null || field === null || !looksLikeField(singularField(field.text))) return 0
  const subject = place === null ? null : readPhrase(rule.object.slice(place.at + 1))
  if (place !== null && subject === null) return 0
  // `only staff can change claims and their status`: whole rows.
  if (place === null && !isWord(rule.object[0], ...ARTICLES) && !rule.only) return 0
  const only = rule.only
  add(reading, { kind: 'fieldRule', actor, only, field, subject: subject ?? state.subject, tokens }, tokens)
  state.list = 'none'
  return 1
}

const ARTICLES = ['the', 'its', 'their', 'his', 'her', 'own']
const VERBS =
  'set sets change changes update updates edit edits modify modifies choose chooses enter enters decide decides fix fixes adjust adjusts state states'.split(
    ' ',
  )
const PARTICIPLES = 'set changed updated edited modified chosen entered decided fixed adjusted stated'.split(
  ' ',
)

type Rule = { readonly only: boolean; readonly actor: readonly Token[]; readonly object: readonly Token[] }

const isOnly = (token: Token) => isWord(token, 'only', 'alone', 'solely', 'exclusively')
const isAround = (token: Token) =>
  isOnly(token) || MODALS.has(token.lower) || isWord(token, 'be', 'able', 'to', 'also', 'themselves', 'but')

function activeRule(tokens: readonly Token[]): Rule | null {
  const verb = tokens.findIndex((token, at) => at > 0 && isWord(token, ...VERBS))
  if (verb < 1 || isNegated(tokens.slice(0, verb))) return null
  const head = tokens.slice(0, verb)
  if (head.some((token) => isWord(token, 'is', 'are', 'be')) || isWord(tokens[verb + 1], 'by')) return null
  return {
    only: head.some(isOnly),
    actor: head.filter((token) => !isAround(token)),
    object: tokens.slice(verb + 1),
  }
}

function passiveRule(tokens: readonly Token[]): Rule | null {
  const by = findMatch(tokens, 'by')
  if (by === null || by.at < 2) return null
  const verb = tokens.slice(0, by.at).findLastIndex((token) => isWord(token, ...PARTICIPLES))
  const be = tokens.findIndex((token) => isWord(token, 'is', 'are', 'be'))
  if (verb < 1 || be < 1 || be > verb || isNegated(tokens.slice(0, verb))) return null
  const modal = tokens.findIndex((token) => isAround(token) || token === tokens[be])
  return {
    only: tokens.some(isOnly),
    actor: tokens.slice(by.at + 1).filter((token) => !isAround(token)),
    object: tokens.slice(0, modal),
  }
}

const isNegated = (tokens: readonly Token[]): boolean =>
  tokens.some((token) => isWord(token, 'cannot', 'not', 'never', "can't", 'nobody', 'no'))

/** `prices` in a rule about every price. */
const singularField = (text: string): string => (/^(?:status|address)$/i.test(text) ? text : singular(text))
