import { isPlural, toPascal } from '../../../blueprint/words.ts'
import { templateOf } from '../domains/index.ts'
import { APP_NOUNS, APP_VERBS, MODALS } from '../lexicon/words.ts'
import { matchAt } from '../text/match.ts'
import { isMark, isWord, type Token } from '../text/tokens.ts'
import type { Reading } from './reading.ts'

/** How far the program may stand from the verb: `needs a small internal web backend`. */
const NEAR = 6

const DOES = ['manages', 'handles', 'tracks', 'keeps', 'organizes', 'organises']
const isOfProgram = (token: Token) => isWord(token, 'the', 'this', 'our', 'my') || isWord(token, ...APP_NOUNS)
const KEEPS =
  'record track manage store keep save organize organise collect register log document note remember'.split(
    ' ',
  )
const WRITERS = ['i', 'we', 'he', 'she', 'they']
/** Verbs of keeping that are no frame of a topic: `note each dog`. */
const NOTES = ['note', 'remember', 'log', 'document']

/** `The food bank needs a backend for its volunteers`: who asks is no row of it. Removed from the sentence. */
export function takeAsker(said: readonly Token[], reading: Reading): readonly Token[] {
  const tokens = keptForEach(withoutAble(withoutLead(said, reading), reading), reading)
  // `The application manages vehicles`
  const does = tokens.findIndex((token) => isWord(token, ...DOES))
  if (
    does > 0 &&
    does <= 3 &&
    tokens.slice(0, does).every(isOfProgram) &&
    isWord(tokens[does - 1], ...APP_NOUNS)
  ) {
    reading.coverage.read(tokens.slice(0, does + 1))
    return tokens.slice(does + 1)
  }
  const allowed = allowedBySystem(tokens)
  if (allowed > 0) {
    reading.coverage.read(tokens.slice(0, allowed))
    return tokens.slice(allowed)
  }
  // `I log expenses with amount and date`
  if (
    isWord(tokens[0], ...WRITERS) &&
    isWord(tokens[1], ...NOTES, 'add', 'keep') &&
    isObject(tokens.slice(2))
  ) {
    reading.coverage.read(tokens.slice(0, 2))
    return tokens.slice(2)
  }
  const named = namedWithField(tokens)
  if (named > 0) {
    reading.coverage.read(tokens.slice(0, named))
    return [
      tokens[named]!,
      { ...tokens[named]!, text: 'has', lower: 'has', start: -1, end: -1 },
      ...tokens.slice(named + 1),
    ]
  }
  const verb = tokens.findIndex((token) => isWord(token, 'needs', 'need', 'wants', 'want', 'requires'))
  if (verb < 1) return tokens
  const isWriter = isWord(tokens[verb - 1], 'i', 'we', 'you', 'they')
  if (!isWriter && isWord(tokens[verb + 1], 'to') && isWord(tokens[verb + 2], ...KEEPS)) {
    const from = isWord(tokens[verb + 2], ...NOTES) && isObject(tokens.slice(verb + 3)) ? verb + 3 : verb + 2
    reading.coverage.read(tokens.slice(0, from))
    return tokens.slice(from)
  }
  // `The school needs something to organise lost items`
  const to = tokens.findIndex((token, at) => at > verb && isWord(token, 'to'))
  if (to > 0 && to <= verb + 3 && isWord(tokens[to - 1], ...MEANS) && isWord(tokens[to + 1], ...KEEPS)) {
    reading.coverage.read(tokens.slice(0, to + 1))
    return tokens.slice(to + 1)
  }
  // `I want to add tasks to a project`: no program, but an act.
  if (isWord(tokens[verb + 1], 'to') && !isWord(tokens[verb + 2], ...APP_VERBS)) return tokens
  const program = tokens.findIndex((token) =>
    isWord(token, ...APP_NOUNS, 'overview', 'plan', 'calendar', 'solution'),
  )
  if (program < verb || program > verb + NEAR) return tokens
  const asker = tokens.slice(0, verb)
  if (asker.some((token) => isMark(token, ',', ':') || token.kind === 'group')) return tokens
  reading.coverage.read(asker)
  return tokens.slice(verb)
}

const GREETINGS = ['hi', 'hello', 'hey', 'dear', 'greetings']
const LEADS = [
  'it|this|they should|must|shall|will|can list|show|store|manage|keep|contain|handle|track|have',
  'there is|are',
]

/** `Hi guys, …`, `As a beekeeper I keep …`, `There are …`: what stands before the records. */
function withoutLead(tokens: readonly Token[], reading: Reading): readonly Token[] {
  const comma = tokens.findIndex((token) => isMark(token, ',', '!'))
  const greets = isWord(tokens[0], ...GREETINGS)
  const greeting =
    greets && comma > 0 && comma <= 2 ? comma + 1 : greets && tokens.length <= 3 ? tokens.length : 0
  const i = isWord(tokens[0], 'as') ? tokens.findIndex((token) => isWord(token, 'i', 'we')) : -1
  const asA = i > 1 && i <= 5 && isWord(tokens[i + 1], ...KEEPS, 'have', 'add') ? i : 0
  const lead =
    tokens.some((token) => isMark(token, ':')) && isWord(tokens[0], 'there')
      ? 0
      : (LEADS.map((pattern) => matchAt(tokens, 0, pattern)).find((take) => take > 0) ?? 0)
  const from = greeting || asA || lead
  if (from === 0) return tokens
  reading.coverage.read(tokens.slice(0, from))
  if (lead === 0) return tokens.slice(from)
  const at = tokens[0]!
  const made = (text: string): Token => ({ ...at, text, lower: text, start: -1, end: -1 })
  return tokens.length === lead ? tokens : [made('we'), made('have'), ...tokens.slice(lead)]
}

/** `Residents shall be able to apply` as `residents shall apply`. */
function withoutAble(tokens: readonly Token[], reading: Reading): readonly Token[] {
  const at = tokens.findIndex((_, i) => i > 0 && matchAt(tokens, i, 'be able to') > 0)
  if (at < 0 || !MODALS.has(tokens[at - 1]!.lower)) return tokens
  reading.coverage.read(tokens.slice(at, at + 3))
  return [...tokens.slice(0, at), ...tokens.slice(at + 3)]
}

/** `For each parcel we note treatments and harvests` as `parcel has treatments and harvests`. */
function keptForEach(tokens: readonly Token[], reading: Reading): readonly Token[] {
  if (!isWord(tokens[0], 'for') || !isWord(tokens[1], 'each', 'every', 'a', 'an')) return tokens
  const we = tokens.findIndex((token, at) => at > 1 && isWord(token, ...WRITERS, 'you'))
  if (we < 3 || we > 6) return tokens
  const noun = tokens.slice(1, we).filter((token) => !isMark(token, ','))
  let verb = we + 1
  while (isWord(tokens[verb], 'want', 'need', 'must', 'should', 'to', 'also', 'have')) verb++
  if (isWord(tokens[verb], ...KEEPS, 'write', 'enter')) verb++
  else if (verb === we + 1) return tokens
  if (isWord(tokens[verb], 'down', 'up')) verb++
  reading.coverage.read([tokens[0]!, ...tokens.slice(we, verb)])
  const has = { ...tokens[we]!, text: 'has', lower: 'has', start: -1, end: -1 }
  return [...noun, has, ...tokens.slice(verb)]
}

const MEANS = ['something', 'way', ...APP_NOUNS]

const isObject = ([first, second]: readonly Token[]): boolean =>
  isWord(first, 'a', 'an', 'the', 'each', 'every', 'all', 'my', 'our') ||
  [first, second].some((token) => token?.kind === 'word' && isPlural(token.text))

/** How many words of `The system shall allow users to create recipes` stand before `users`. */
function allowedBySystem(tokens: readonly Token[]): number {
  const verb = tokens.findIndex((token) => isWord(token, ...ALLOWS))
  if (verb < 1 || verb > 4) return 0
  const [noun, modal] = [tokens[verb - 1], tokens[verb - 2]]
  const isModal = isWord(noun, 'shall', 'must', 'should', 'will', 'can')
  const isProgramNoun = isWord(isModal ? modal : noun, ...APP_NOUNS)
  const head = tokens.slice(0, isModal ? verb - 1 : verb)
  return isProgramNoun && head.every(isOfProgram) ? verb + 1 : 0
}

const ALLOWS = 'allow allows enable enables let lets permit permits'.split(' ')

/** Where the noun stands in `I need to save customer name, phone and address`: customers have these; 0 elsewhere. */
function namedWithField(tokens: readonly Token[]): number {
  const at = [
    matchAt(tokens, 0, 'i|we need|want|must|should to? save|store|keep|record|know|remember the?'),
    matchAt(tokens, 0, 'i|we have to save|store|keep|record|know|remember the?'),
    matchAt(tokens, 0, 'save|store|keep|record|remember the?'),
  ].find((take) => take > 0)
  const [noun, field] = at === undefined ? [] : tokens.slice(at)
  if (at === undefined || noun?.kind !== 'word' || !isWord(field, 'name', 'email', 'phone', 'address'))
    return 0
  return !isPlural(noun.text) && templateOf(toPascal(noun.lower) ?? '') !== null ? at : 0
}
