import { isPlural } from '../../../blueprint/words.ts'
import { ACTS, APP_FRAME, APP_NOUNS, APP_VERBS, MODALS, NOT_NAMES, PROGRAMS } from '../lexicon/words.ts'
import { fitsPlural, fitsSingular } from '../lexicon/verbs.ts'
import { isMark, isWord, type Token } from '../text/tokens.ts'
import { matchTopic } from '../domains/index.ts'
import { readPhrase } from './phrase.ts'
import { replacedIn } from './tech.ts'
import { isTypo } from './typo.ts'

/** The words around a topic: `Create a REST API for a … app`. */

/** `create …`, `… api`, `… app for …`. */
export function isFrame(tokens: readonly Token[]): boolean {
  const lead = tokens.findIndex(
    (token) =>
      !isWord(
        token,
        'please',
        'can',
        'could',
        'you',
        'i',
        'we',
        'want',
        'would',
        'like',
        'to',
        'need',
        'lets',
        "let's",
        'hi',
        'hello',
        'hey',
        'just',
        'us',
        'me',
        'help',
        "i'd",
        "we're",
        "i'm",
        'are',
        'am',
      ),
  )
  // `We make mugs` is about the writer, `we need a shop` a request.
  if (
    isWord(tokens[lead - 1], 'we', 'i') &&
    isWord(tokens[lead], ...APP_VERBS) &&
    !isWord(tokens[lead], 'need', 'want')
  )
    return false
  if (
    isWord(tokens[lead], ...APP_VERBS) ||
    (lead > 0 && tokens.slice(0, lead).some((token) => isWord(token, 'want', 'need', 'like')))
  ) {
    return withoutFrame(tokens).length < tokens.length
  }
  if (tokens.length > 1 && PROGRAMS.has(tokens.at(-1)!.lower)) return true
  return tokens.some((token, at) => {
    if (!isWord(token, ...APP_NOUNS)) return false
    const next = tokens[at + 1]
    return (
      next === undefined ||
      isMark(next, '.', ':', '-') ||
      isWord(
        next,
        'for',
        'to',
        'in',
        'using',
        'on',
        'of',
        'about',
        'where',
        'pls',
        'please',
        'plz',
        'thanks',
        'asap',
      )
    )
  })
}

/** A prompt of a few words, such as `books` or `url shortener`. */
export function bareTopic(tokens: readonly Token[]): boolean {
  const rest = withoutFrame(tokens)
  const phrase = readPhrase(rest)
  const isStatement = tokens.some((token, at) => MODALS.has(token.lower) && (at > 0 || token.lower !== 'can'))
  return (
    !isStatement &&
    !isAct(tokens) &&
    // `We value tests`
    !isWord(tokens[0], 'we', 'i', 'they') &&
    // `the highest bid wins`
    !(
      tokens.length > 2 &&
      isWord(tokens[0], 'the', 'a', 'an', 'each', 'every') &&
      fitsSingular(tokens.at(-1)!.lower)
    ) &&
    phrase !== null &&
    rest.length <= 3 &&
    (matchTopic(phrase.text) !== null || (phrase.plural && tokens.length <= 4))
  )
}

/** `customers place orders` is not a name: it has an actor, a verb and an object. */
const isAct = ([actor, verb, object, ...more]: readonly Token[]): boolean =>
  more.length === 0 &&
  object !== undefined &&
  isPlural(actor!.text) &&
  isWord(verb, ...ACTS) &&
  isPlural(object.text)

/** `a todo app | for my family`: the program's name and purpose. */
export function splitApp(tokens: readonly Token[]): { app: readonly Token[]; rest: readonly Token[] } {
  const cut = tokens.findIndex(
    (token, at) =>
      isWord(token, 'for', 'to', 'about', 'of', 'manages', 'managing', 'stores', 'tracks', 'handles') &&
      at > 0 &&
      tokens.slice(0, at).some((word) => isWord(word, ...APP_NOUNS)),
  )
  return cut < 0 ? { app: tokens, rest: [] } : { app: tokens.slice(0, cut), rest: tokens.slice(cut) }
}

export function hasAppNoun(tokens: readonly Token[]): boolean {
  return tokens.some((token) => isWord(token, ...APP_NOUNS))
}

export function withoutFrame(tokens: readonly Token[]): Token[] {
  const plain = tokens.filter((token) => token.kind === 'word' || token.kind === 'number')
  const isTopic = (from: number, to: number) =>
    matchTopic(
      plain
        .slice(from, to)
        .map((token) => token.text)
        .join(' '),
    ) !== null
  const keep = new Set<number>()
  const replaced = new Set(replacedIn(tokens))
  // A known topic keeps its words even if one is a frame word (`expense tracker`).
  for (let from = 0; from < Math.min(plain.length, 40); from++) {
    for (const size of [3, 2, 1]) {
      if (
        from + size > plain.length ||
        (size === 1 && APP_FRAME.has(plain[from]!.lower)) ||
        !isTopic(from, from + size)
      )
        continue
      if (
        plain
          .slice(from, from + size)
          .every((token) => APP_FRAME.has(token.lower) || APP_NOUNS.has(token.lower))
      )
        continue
      for (let at = from; at < from + size; at++) keep.add(at)
      break
    }
  }
  return plain.filter(
    (token, at) =>
      keep.has(at) ||
      token.quoted ||
      !(
        APP_FRAME.has(token.lower) ||
        APP_NOUNS.has(token.lower) ||
        isLeadVerb(plain, at) ||
        // `a tool to plan shifts`
        (isWord(plain[at - 1], 'to') &&
          fitsPlural(token.lower) &&
          !isWord(token, 'send') &&
          !NOT_NAMES.has(token.lower) &&
          at < plain.length - 1) ||
        replaced.has(token) ||
        isTypo(token.lower)
      ),
  )
}

function isLeadVerb(plain: readonly Token[], at: number): boolean {
  return (
    APP_VERBS.has(plain[at]!.lower) &&
    plain.slice(0, at).every((token) => APP_FRAME.has(token.lower) || APP_VERBS.has(token.lower))
  )
}
