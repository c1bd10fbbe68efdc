import { looksLikeField, typeFromName } from '../lexicon/field-types.ts'
import { NOUNS_IN_ING } from '../lexicon/not-records.ts'
import { APP_NOUNS, HAS_VERBS, PROGRAMS } from '../lexicon/words.ts'
import { chunks } from '../text/chunks.ts'
import { isMark, isWord, type Token } from '../text/tokens.ts'
import { isPlural, singular, toPascal } from '../../../blueprint/words.ts'
import type { Phrase } from './facts.ts'
import { templateOf } from '../domains/index.ts'
import { nameOf, readPhrase } from './phrase.ts'

/** What a heading or the words before a colon introduce: `Entities:`, `Book:`, `Each product has:`. */
export type Scope =
  | { mode: 'free'; subject: Phrase | null }
  /** A list of the program's entities, after `An API for expenses:`. */
  | { mode: 'app'; subject: null }
  | { mode: 'entities'; subject: null }
  | { mode: 'fields'; subject: Phrase | null }
  /** A list of roles. */
  | { mode: 'roles'; subject: null }
  /** Prose about the reader or the writer; its bullets are no list of entities. */
  | { mode: 'prose'; subject: null }
  /** What is not wanted now: nothing under it is read. */
  | { mode: 'postponed'; subject: null }
  | { mode: 'clause'; subject: null }
  /** The label is a field name: the whole sentence is one item. */
  | { mode: 'item'; subject: Phrase | null }

const ENTITIES = [
  'entities',
  'entity',
  'models',
  'model',
  'resources',
  'resource',
  'tables',
  'collections',
  'objects',
  'schema',
  'schemas',
]
const FIELDS = ['fields', 'field', 'attributes', 'properties', 'columns', 'props', 'data']
const HEADS =
  'feature requirement rule note auth authentication authorization security tech stack constraint validation other business functionality description overview goal endpoint route api relationship relation association access permission operation technology technical detail introduction summary spec specification story crud support must should example architecture use case functional non-functional actor scope project'.split(
    ' ',
  )

export function readLabel(label: readonly Token[], parent: Scope, rest: readonly Token[] = []): Scope {
  // `Field: name, area` in a list of entities is one of them.
  const [only] = label
  if (parent.mode === 'entities' && rest.length > 0 && label.length === 1 && only?.kind === 'word') {
    const subject = readPhrase([only])
    if (subject !== null) return { mode: 'fields', subject }
  }
  if (label.some((token) => isWord(token, ...ENTITIES)) && label.length <= 14) {
    const exact = label.every(
      (token) =>
        isWord(
          token,
          ...ENTITIES,
          'the',
          'data',
          'main',
          'core',
          'following',
          'and',
          'with',
          'database',
          'domain',
          'api',
        ) || isMark(token, '#'),
    )
    if (exact) return { mode: 'entities', subject: null }
  }
  if (isWord(label.at(-1), ...FIELDS) && label.length <= 6) {
    const rest = label.filter(
      (token) => !isWord(token, ...FIELDS, 'has', 'have', 'with', 'the', 'following', 'these', 'for', 'of'),
    )
    const subject = rest.length === 0 ? parent.subject : readPhrase(rest)
    if (rest.length === 0 || subject !== null) return { mode: 'fields', subject }
  }
  if (label.some((token) => HAS_VERBS.has(token.lower)) || label.length > 4)
    return { mode: 'clause', subject: null }
  // `Todo app` and `Expense tracker` are programs and no records.
  const isProgram =
    label.some((token) => APP_NOUNS.has(token.lower)) ||
    (label.length > 1 && PROGRAMS.has(label.at(-1)!.lower))
  if (isProgram) return { mode: 'clause', subject: null }
  // `For each bike: brand, frame number`
  const each = isWord(label[0], 'for') && isWord(label[1], 'each', 'every') ? 2 : 0
  const phrase = readPhrase(
    label
      .slice(each)
      .filter(
        (token) =>
          !isWord(token, 'entity', 'model', 'table', 'resource', 'interface', 'type', 'class') ||
          label.length === 1,
      ),
  )
  if (phrase === null || isActivity(phrase)) return { mode: 'clause', subject: null }
  const head = singular(phrase.text.toLowerCase())
  const words = head.split(' ')
  if (parent.mode === 'fields') return { mode: 'item', subject: parent.subject }
  if (
    HEADS.includes(words.at(-1)!) ||
    HEADS.includes(head) ||
    (HEADS.includes(words[0]!) && words.length > 1)
  )
    return { mode: 'free', subject: parent.subject }
  if (
    parent.mode !== 'entities' &&
    looksLikeField(phrase.text) &&
    !namesFields(rest, templateOf(nameOf(phrase) ?? '') !== null) &&
    (rest.length > 0 || templateOf(nameOf(phrase) ?? '') === null)
  )
    return { mode: 'item', subject: parent.subject }
  if (
    parent.mode === 'free' &&
    templateOf(nameOf(phrase) ?? '') === null &&
    namesRecords(rest, label.length > 1)
  )
    return { mode: 'app', subject: null }
  return { mode: 'fields', subject: phrase }
}

/** `Hiring: …`, `Scheduling: …`: no rows. */
const isActivity = ({ tokens, text }: Phrase): boolean =>
  tokens.length === 1 && /[a-z]{3}ing$/i.test(text) && !NOUNS_IN_ING.has(text.toLowerCase())

/** `A bookshop: books (title, price), orders` lists the records of a program, `Ticket: title, priority (low, high)` fields. */
function namesRecords(rest: readonly Token[], isTitle: boolean): boolean {
  const list = chunks(rest).slice(0, 40)
  const items = list.flatMap(({ tokens, before }, at) => {
    if (before === 'with' || before === 'where') return []
    const end = tokens.findIndex((token) => token.kind !== 'word')
    const words = end < 0 ? tokens : tokens.slice(0, end)
    const isDescribed = end > 0 || list[at + 1]?.before === 'with'
    return [{ text: words.map(({ text }) => text).join(' '), isDescribed }]
  })
  const records = items.filter(({ text }) => text !== '' && isPlural(text) && !looksLikeField(text))
  const isUsual = ({ text }: { text: string }) => templateOf(toPascal(singular(text)) ?? '') !== null
  return (
    records.some(({ isDescribed }) => isDescribed) ||
    (records.length > 1 && records.length === items.length && records.some(isUsual)) ||
    (isTitle && records.length > 1 && records[0] === items[0] && records[1] === items[1])
  )
}

/** `parts with a sku`, `flights (number, …)`, `teachers, subjects, rooms`: records, and no fields. */
export function startsWithRecords(rest: readonly Token[], isListed: boolean): boolean {
  const [first, second] = chunks(rest)
  const group = first?.tokens.at(-1)?.kind === 'group' ? 1 : 0
  const isRecord = (tokens: readonly Token[]) => {
    const phrase = readPhrase(tokens)
    return phrase !== null && phrase.plural && !looksLikeField(phrase.text)
  }
  if (first === undefined || !isRecord(first.tokens.slice(0, first.tokens.length - group))) return false
  return (
    group > 0 || second?.before === 'with' || (isListed && second !== undefined && isRecord(second.tokens))
  )
}

/** `Author: name, birthday` describes an author, `Status: draft, published` a field. */
function namesFields(rest: readonly Token[], isUsual: boolean): boolean {
  const list = chunks(rest)
  if (list.length === 0) return false
  return list.slice(0, 3).some((chunk) => {
    const end = chunk.tokens.findIndex((token) => token.kind !== 'word')
    const name = chunk.tokens.slice(0, end < 0 ? undefined : Math.max(1, end))
    const text = name.map((token) => token.text).join(' ')
    const { known, type } = typeFromName(text)
    return (
      known &&
      type.kind !== 'boolean' &&
      (list.length > 1 || chunk.tokens.length > name.length) &&
      // `Price: number` is a field; for a typical entity, `Message: text (required), sender` names fields.
      ((isUsual && list.length > 1) || !/^(string|text|integer|number|date|email|url)$/i.test(text))
    )
  })
}

/** The top-level colon that ends a label, or a spaced dash in a list of entities; -1 without one. */
export function labelEnd(tokens: readonly Token[], dashes: boolean): number {
  return tokens.findIndex(
    (token, at) =>
      at > 0 &&
      at <= 14 &&
      (isMark(token, ':') ||
        (isMark(token, '=') && at <= 2 && tokens.filter((mark) => isMark(mark, ',')).length > 1) ||
        (dashes && isMark(token, '-', '–', '—', '→', '->'))),
  )
}
