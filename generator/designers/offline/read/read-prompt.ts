import { FOREIGN } from '../lexicon/words.ts'
import { looksLikeField } from '../lexicon/field-types.ts'
import { chunks } from '../text/chunks.ts'
import { sentences, type Sentence } from '../text/sentences.ts'
import { isWord, type Token } from '../text/tokens.ts'
import { labelEnd, readLabel, startsWithRecords, type Scope } from './label.ts'
import { templateOf } from '../domains/index.ts'
import type { Phrase } from './facts.ts'
import { nameOf, readPhrase } from './phrase.ts'
import { takeAsker } from './asker.ts'
import { takeProjectName } from './project-name.ts'
import { add, makeReading, type Reading } from './reading.ts'
import { dropAccess, readPrivacy } from './privacy.ts'
import { readRelationSentence } from './relation-sentences.ts'
import { isRolesLabel, readRoleItem, readRoleNames } from './role-names.ts'
import { readRoutes } from './routes.ts'
import { noteReplaced, replacedIn } from './tech.ts'
import { namesSomething, readKnownTopic } from './known-topic.ts'
import { bareTopic, isFrame } from './topic-frame.ts'
import { speaksOfSpreadsheet } from './sheet-openers.ts'
import { readSpreadsheet } from './spreadsheet.ts'
import { isTableRow, readTableRow } from './table.ts'
import { asksForFigures } from './figures.ts'
import { verbOfClause } from './statement.ts'
import { isAboutReader, isAddressed, isPostponed, isPostponedLabel } from './postponed.ts'
import { readStatedValues } from './stated-values.ts'
import { readUserStory } from './user-story.ts'
import { introducesList, isSpacedDash } from './introduces-list.ts'
import { readChunks, startState } from './read-chunks.ts'

const FREE: Scope = { mode: 'free', subject: null }

/** Prompt → facts, sentence by sentence. */
export function readPrompt(prompt: string): Reading {
  const reading = makeReading()
  const scopes: Scope[] = []
  reading.sentences.push(...sentences(prompt))
  reading.hasSpreadsheet = speaksOfSpreadsheet(reading.sentences.map(({ tokens }) => tokens))
  for (const sentence of reading.sentences) {
    const parent = sentence.parent === null ? FREE : (scopes[sentence.parent] ?? FREE)
    reading.rows.push(sentence.tokens)
    if (sentence.heading && sentence.index === 0) reading.title = sentence.tokens
    scopes.push(readSentence(sentence, parent, reading))
  }
  if (!reading.facts.some(namesSomething)) readKnownTopic(reading)
  return reading
}

/** Reads one sentence and returns the scope of the sentences under it. */
function readSentence(sentence: Sentence, parent: Scope, reading: Reading): Scope {
  const privacy = readPrivacy(sentence.tokens, reading)
  if (privacy === 'whole') return parent
  const before = reading.facts.length
  const scope = readStatement(sentence, parent, reading)
  if (privacy === 'part') dropAccess(reading, before)
  // Replaced technology stays unread, whatever the words around it mean.
  reading.coverage.unread(replacedIn(sentence.tokens))
  return scope
}

function readStatement(sentence: Sentence, outer: Scope, reading: Reading): Scope {
  if (outer.mode === 'postponed') return outer
  // A heading under a heading begins a topic of its own.
  const parent = sentence.heading && outer.mode === 'fields' ? FREE : outer
  const sheets = isPostponed(sentence.tokens) ? null : readSpreadsheet(sentence, parent, reading)
  if (sheets !== null) {
    readChunks(sheets.rest, startState(sheets.scope, sentence), reading)
    return sheets.scope
  }
  const tokens = takeAsker(takeProjectName(sentence.tokens, reading), reading)
  noteReplaced(tokens, reading)
  if (sentence.opens && isPostponedLabel(tokens)) return { mode: 'postponed', subject: null }
  if (isPostponed(tokens)) return parent
  if (isAboutReader(tokens) || asksForFigures(tokens)) return parent
  if (sentence.opens && isAddressed(tokens)) return { mode: 'prose', subject: null }
  const story = readUserStory(tokens, reading.sentences)
  if (story !== null) {
    readChunks(story.wish, startState(FREE, null), reading)
    if (story.wish.some((token) => reading.coverage.has(token) && token.start >= 0))
      reading.coverage.read(story.frame)
    return FREE
  }
  if (tokens.filter((token) => FOREIGN.has(token.lower)).length >= 2) return FREE
  if (isTableRow(tokens)) return readTableRow(tokens, parent, reading)
  reading.listsEntities = false
  if (readRoleNames(tokens, reading)) return FREE
  if ((sentence.opens || sentence.leads) && isRolesLabel(tokens)) {
    reading.coverage.read(tokens)
    return { mode: 'roles', subject: null }
  }
  if (parent.mode === 'roles' && sentence.bullet) {
    const item = readRoleItem(tokens, reading)
    if (item !== null) {
      readChunks(item.rest, startState(FREE, null), reading)
      return FREE
    }
  }
  if (readRoutes(tokens, reading)) return parent.mode === 'fields' ? FREE : parent

  if (
    sentence.opens ||
    (sentence.leads && tokens.length <= 4 && tokens.every((token) => token.kind === 'word'))
  ) {
    const label = readLabel(tokens, parent)
    return label.mode === 'clause' || label.mode === 'item'
      ? openedClause(tokens, parent, reading)
      : announce(label, parent, tokens, reading)
  }
  const colon = labelEnd(
    tokens,
    parent.mode === 'entities' || (parent.mode === 'free' && sentence.bullet && isSpacedDash(tokens)),
  )
  const isJson = tokens[0]?.quoted === true && tokens[colon + 1]?.text === '{'
  if (isJson) {
    readChunks(tokens, startState(FREE, null), reading)
    return FREE
  }
  const titled = colon > 0 ? readTitled(tokens, colon, { sentence, parent }, reading) : null
  if (titled !== null) return titled
  if (colon > 0 && colon < tokens.length - 1 && chunks(tokens.slice(0, colon)).length === 1) {
    const label = readLabel(tokens.slice(0, colon), parent, tokens.slice(colon + 1))
    if (label.mode !== 'clause' && label.mode !== 'item') {
      const scope = announce(label, parent, tokens.slice(0, colon + 1), reading)
      readChunks(tokens.slice(colon + 1), startState(scope, sentence), reading)
      return scope
    }
    if (label.mode === 'item' && parent.mode === 'free' && readStatedValues(tokens, colon, reading))
      return parent
    // `Assignment 3: an API for a library`
    if (label.mode === 'clause' && isFrame(tokens.slice(colon + 1))) {
      reading.coverage.read(tokens.slice(0, colon))
      return readStatement({ ...sentence, tokens: tokens.slice(colon + 1) }, outer, reading)
    }
    if (label.mode === 'clause' && introducesList(tokens.slice(0, colon))) {
      const scope = openedClause(tokens.slice(0, colon), parent, reading)
      if (scope.mode !== 'free') {
        readChunks(tokens.slice(colon + 1), startState(scope, sentence), reading)
        return scope
      }
    }
  }
  const state = startState(parent, sentence)
  if (parent.mode !== 'fields' && readRelationSentence(tokens, reading)) return parent
  readChunks(tokens, state, reading, sentence.bullet)
  // An entity in a list is the subject of its nested bullets.
  if (parent.mode === 'entities' && state.lastItem !== null)
    return { mode: 'fields', subject: state.lastItem.phrase }
  if (parent.mode === 'fields') return parent
  return { mode: 'free', subject: state.subject }
}

/** `A recipe box: users save recipes`, `Inventory for a bike shop: parts with a sku`: a title, and statements or records. */
function readTitled(
  tokens: readonly Token[],
  colon: number,
  { sentence, parent }: { sentence: Sentence; parent: Scope },
  reading: Reading,
): Scope | null {
  const [title, rest] = [tokens.slice(0, colon), tokens.slice(colon + 1)]
  if (parent.mode !== 'free' || sentence.bullet || verbOfClause(title) > 0) return null
  const [first] = chunks(rest)
  if (first === undefined) return null
  if (verbOfClause(first.tokens) > 0) {
    if (isFrame(title) || bareTopic(title)) readChunks(title, startState(FREE, null), reading)
    else if (readPhrase(title) !== null) reading.coverage.read(title)
    return readStatement({ ...sentence, tokens: rest }, FREE, reading)
  }
  const named = readPhrase(title)
  const isTitle = named === null ? title.some((token) => isWord(token, 'for')) : isNoTable(named)
  if (!isTitle || !startsWithRecords(rest, named === null)) return null
  const state = startState(FREE, null)
  readChunks(title, state, reading)
  if (state.list === 'none') reading.coverage.read(title)
  readChunks(rest, startState({ mode: 'app', subject: null }, sentence), reading)
  return FREE
}

/** `Genealogy: persons with a name`: the records are the persons. */
const isNoTable = (phrase: Phrase): boolean =>
  !phrase.plural && templateOf(nameOf(phrase) ?? '') === null && !looksLikeField(phrase.text)

/** A label that is also a statement: `Build an API for a library with these entities:`. */
function openedClause(tokens: readonly Token[], parent: Scope, reading: Reading): Scope {
  const last = tokens.at(-1)
  const entities = isWord(last, 'entities', 'models', 'resources', 'tables', 'collections', 'entity')
  const fields = isWord(last, 'fields', 'attributes', 'properties', 'columns')
  const cut =
    entities || fields
      ? tokens.findLastIndex((token) =>
          isWord(token, 'with', 'has', 'have', 'having', 'using', 'includes', 'including', 'contains'),
        )
      : -1
  const head = cut > 0 ? tokens.slice(0, cut) : tokens
  const state = startState(parent, null)
  if (cut > 0) reading.coverage.read(tokens.slice(cut))
  readChunks(head, state, reading)
  if (entities) return { mode: 'entities', subject: null }
  const spoken = state.subject ?? (cut > 0 ? readPhrase(head) : null)
  if (fields && spoken !== null && state.subject === null) reading.coverage.read(head)
  // `Tasks belong to a project: title, status`.
  if (state.list === 'belongsTo' && state.subject !== null) return { mode: 'fields', subject: state.subject }
  // `Staff can register items: description, category`
  if (state.acted !== null && state.list === 'none') return { mode: 'fields', subject: state.acted }
  if (state.list === 'has' || fields) return { mode: 'fields', subject: spoken }
  // `The system shall store visits: patient, date`
  const stored = state.list === 'app' ? (state.lastItem?.phrase ?? null) : null
  if (stored?.plural && !looksLikeField(stored.text)) return { mode: 'fields', subject: stored }
  if (state.list === 'topics' || state.list === 'app') return { mode: 'app', subject: null }
  return { mode: 'free', subject: state.subject }
}

function announce(scope: Scope, parent: Scope, tokens: readonly Token[], reading: Reading): Scope {
  reading.coverage.read(tokens)
  if (scope.mode === 'fields' && scope.subject !== null && scope.subject !== parent.subject) {
    add(reading, { kind: 'entity', phrase: scope.subject, label: true }, tokens)
  }
  return scope
}
