import { AROUND_TECH, EVERYDAY, PROVIDED, REPLACED } from '../lexicon/tech.ts'
import { isMark, isWord, type Token } from '../text/tokens.ts'
import { add, type ChunkReader, type Reading } from './reading.ts'

/** A chunk that only names technology: used technology is read, other technology is reported. */
export const readTech: ChunkReader = (list, at, _state, reading) => {
  const { tokens } = list[at]!
  const words = tokens.filter((token) => token.kind === 'word')
  const replaced = new Set(replacedIn(tokens))
  const isNamed = (token: Token) => isProvided(token) || replaced.has(token)
  const named = words.filter(isNamed)
  if (named.length === 0 || tokens.some((token) => token.kind === 'group')) return 0
  if (!words.every((token) => isNamed(token) || AROUND_TECH.has(token.lower))) return 0
  // `status`, `log`, `tests`: single nouns in a list are data.
  if (words.every((token) => ALSO_DATA.has(token.lower) || AROUND_TECH.has(token.lower))) return 0
  reading.coverage.read(tokens.filter((token) => !replaced.has(token)))
  noteReplaced(tokens, reading)
  return 1
}

/** Notes the replacement of requested technology. */
export function noteReplaced(tokens: readonly Token[], reading: Reading): void {
  for (const token of replacedIn(tokens)) {
    const assumption = `Used ${REPLACED[token.lower]}, the only choice there is, where the prompt names ${token.text}.`
    if (reading.facts.some((fact) => fact.kind === 'note' && fact.assumption === assumption)) continue
    add(reading, { kind: 'note', assumption, tokens: [] }, [])
  }
}

/** Single nouns in a list are data, and `an API` is the topic. */
const ALSO_DATA = new Set(
  'id ids uuid status log logs test tests check error errors data body limit rate sample unit code codes request requests response responses environment schema schemas version api apis backend server endpoint endpoints rest restful http json documentation docs'.split(
    ' ',
  ),
)

const isProvided = (token: Token) => PROVIDED.has(token.lower)

/** The tokens that name technology which is replaced; everyday words (`the balance must never go below zero`) only if the words around them say so. */
export function replacedIn(tokens: readonly Token[]): Token[] {
  return tokens.filter(
    (token, at) =>
      isReplaced(token) && (!EVERYDAY.has(token.lower) || token.quoted || isAmongTechnology(tokens, at)),
  )
}

/** A list of technology is not longer; the limit keeps hostile prompts linear. */
const MAX_TOKENS = 60

function isAmongTechnology(tokens: readonly Token[], at: number): boolean {
  const [before, token, after] = [tokens[at - 1], tokens[at]!, tokens[at + 1]]
  const others =
    tokens.length > MAX_TOKENS ? [] : tokens.filter((other) => other !== token && other.kind === 'word')
  if (
    tokens.length <= MAX_TOKENS &&
    others.every((other) => isProvided(other) || isReplaced(other) || AROUND_TECH.has(other.lower))
  )
    return others.some((other) => !PREPOSITIONS.has(other.lower)) || others.length === 0
  if (isWord(after, 'framework', 'backend', 'server', 'boot', 'database', 'db')) return true
  const isName = /^\p{Lu}/u.test(token.text)
  if (at === 0 && isName && isWord(after, 'for')) return true
  if (isWord(after, ...FOLLOWS_A_VERB)) return false
  if (isWord(before, 'use', 'using', 'with') || (isWord(before, 'in') && isWord(tokens[at - 2], ...WRITTEN)))
    return true
  const isListed = isWord(before, 'in', 'on', 'via', 'or', 'and') || isMark(before, ',', '/', '&')
  return isListed && (isName || !ALSO_NOUNS.has(token.lower))
}

const PREPOSITIONS = new Set(['in', 'on', 'by', 'for', 'to', 'the', 'a', 'an', 'this', 'that', 'at', 'of'])
const WRITTEN = ['written', 'built', 'build', 'implemented', 'developed', 'made', 'done', 'coded', 'running']
/** `in spring`, `on rails`: nouns after a preposition as well. */
const ALSO_NOUNS = new Set(
  'spring nest soap bun ruby gin oracle phoenix elixir rust express rails'.split(' '),
)
const FOLLOWS_A_VERB = [
  'to',
  'below',
  'above',
  'into',
  'out',
  'up',
  'down',
  'back',
  'through',
  'there',
  'home',
  'the',
  'a',
  'an',
]

const isReplaced = (token: Token) => token.kind === 'word' && Object.hasOwn(REPLACED, token.lower)
