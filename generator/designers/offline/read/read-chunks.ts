import { chunks } from '../text/chunks.ts'
import type { Sentence } from '../text/sentences.ts'
import { VERBS } from '../lexicon/verbs.ts'
import { isMark, type Token } from '../text/tokens.ts'
import { readAccess } from './access.ts'
import { readAuth, unreadableAuth } from './auth.ts'
import { readActorVerb } from './actor-verb.ts'
import { readChildOf } from './child-of.ts'
import { readConstraint } from './constraint.ts'
import { readDeclaration } from './declaration.ts'
import { readFieldRule } from './field-rule.ts'
import { isRequest, readHas } from './has.ts'
import { readListItem } from './list-item.ts'
import type { Scope } from './label.ts'
import { readOperations } from './operations.ts'
import { readPhrase } from './phrase.ts'
import type { ChunkReader, ClauseState, Reading } from './reading.ts'
import { readPassive } from './passive.ts'
import { readRelation } from './relations.ts'
import { readRoles } from './roles.ts'
import { readTech } from './tech.ts'
import { readTopic } from './topic.ts'
import { verbOfClause } from './statement.ts'
import { splitClause } from './split-clause.ts'

/** A clause, chunk by chunk: the first reader that matches a chunk takes it, and unmatched chunks stay unread in the coverage. */
const READERS: readonly ChunkReader[] = [
  readTech,
  readFieldRule,
  readRoles,
  readAccess,
  readAuth,
  readOperations,
  readPassive,
  readRelation,
  readChildOf,
  readConstraint,
  readDeclaration,
  readTopic,
  readHas,
  readActorVerb,
]

/** In a plain list of fields or entities, only these readers run before nouns are read. */
const LIST_READERS: readonly ChunkReader[] = [
  readFieldRule,
  readRoles,
  readAccess,
  readRelation,
  readChildOf,
  readConstraint,
  readHas,
]

const isClause = (tokens: readonly Token[]): boolean =>
  verbOfClause(tokens) > 0 ||
  (tokens.length > 3 &&
    tokens.some((token) => isMark(token, ':') || (token.kind === 'word' && VERBS.has(token.lower))))

export function startState(scope: Scope, sentence: Sentence | null): ClauseState {
  const list =
    scope.mode === 'fields'
      ? 'has'
      : scope.mode === 'entities'
        ? 'entities'
        : scope.mode === 'app' || (sentence?.bullet && scope.mode !== 'prose')
          ? 'app'
          : 'none'
  return { subject: scope.subject, list, required: false, lastItem: null, acted: null }
}

export function readChunks(
  tokens: readonly Token[],
  state: ClauseState,
  reading: Reading,
  bullet = true,
): void {
  const list = splitClause(chunks(tokens))
  const listing = state.list === 'has' || state.list === 'entities'
  for (let at = 0; at < list.length;) {
    if (at > 0 && list[at]!.before === 'start') Object.assign(state, { list: 'none', subject: null })
    const { subject } = state
    const inList = listing && state.list !== 'none' && !isRequest(list[at]!.tokens)
    let taken = 0
    // Prose under a heading such as `Entities` may be about anything.
    for (const read of inList && bullet ? LIST_READERS : READERS) {
      taken = read(list, at, state, reading)
      if (taken > 0) break
    }
    if (taken === 0 && inList) taken = readListItem(list[at]!.tokens, list, at, state, reading, false)
    // A clause that could not be read ends the list; `and record results` goes on about who does it.
    if (taken === 0 && isClause(list[at]!.tokens)) {
      const verb = verbOfClause(list[at]!.tokens)
      Object.assign(state, { subject: readPhrase(list[at]!.tokens.slice(0, verb)), list: 'none' })
    }
    // `matches between two teams with a date`: what follows is about what could not be read.
    if (taken === 0 && list[at + 1]?.before === 'with' && readPhrase(list[at]!.tokens) === null)
      Object.assign(state, { subject: null, list: 'none' })
    if (taken > 0)
      unreadableAuth(
        list.slice(at, at + taken).flatMap((chunk) => chunk.tokens),
        reading,
      )
    if (state.subject !== null && state.subject !== subject && !reading.spoken.includes(state.subject))
      reading.spoken = [state.subject]
    at += Math.max(1, taken)
  }
}
