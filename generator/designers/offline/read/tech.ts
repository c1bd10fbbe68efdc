import { AROUND_TECH, PROVIDED, REPLACED } from '../lexicon/tech.ts'
import type { Token } from '../text/tokens.ts'
import { add, type ChunkReader, type Reading } from './reading.ts'

/** A chunk that only names technology: used technology is read, other technology is reported. */
export const readTech: ChunkReader = (list, at, _state, reading) => {
  const { tokens } = list[at]!
  const words = tokens.filter((token) => token.kind === 'word')
  const named = words.filter((token) => isProvided(token) || isReplaced(token))
  if (named.length === 0 || tokens.some((token) => token.kind === 'group')) return 0
  if (!words.every((token) => isProvided(token) || isReplaced(token) || AROUND_TECH.has(token.lower)))
    return 0
  // `status`, `log`, `tests`: single nouns in a list are data.
  if (words.every((token) => ALSO_DATA.has(token.lower) || AROUND_TECH.has(token.lower))) return 0
  reading.coverage.read(tokens.filter((token) => !isReplaced(token)))
  noteReplaced(tokens, reading)
  return 1
}

/** Notes the replacement of requested technology. */
export function noteReplaced(tokens: readonly Token[], reading: Reading): void {
  for (const token of tokens) {
    if (!isReplaced(token)) continue
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
export const isReplaced = (token: Token) => token.kind === 'word' && Object.hasOwn(REPLACED, token.lower)
