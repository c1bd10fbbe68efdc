import { plural } from '../../../blueprint/words.ts'
import { findMatch } from '../text/match.ts'
import type { Sentence } from '../text/sentences.ts'
import { isMark, isWord, type Token } from '../text/tokens.ts'

/** `As a team lead I want to create projects so that my team knows what to do`. */
export type UserStory = {
  /** The wish as a statement: `users can create projects`. */
  readonly wish: readonly Token[]
  /** Who wishes and why: it adds nothing to build. */
  readonly frame: readonly Token[]
}

const WANT = 'i|we want|need|like|wish|should|must|can|may'
/** What adds rows, in other words. */
const KEEPS = 'keep plan schedule organise organize collect maintain'.split(' ')
const WHY = 'so that|i|we|my|our|the|they|it|everyone|nobody'

export function readUserStory(tokens: readonly Token[], rows: readonly Sentence[]): UserStory | null {
  if (!isWord(tokens[0], 'as') || !isWord(tokens[1], 'a', 'an', 'the')) return null
  const want =
    findMatch(tokens, WANT) ?? findMatch(tokens, "i'd|we'd like") ?? findMatch(tokens, 'i|we would like')
  if (want === null) return null
  const why = findMatch(tokens, WHY, want.at + want.take) ?? findMatch(tokens, 'in order to', want.at)
  const end = why !== null && isWord(tokens[why.at], 'so', 'in') ? why.at : tokens.length
  let from = want.at + want.take
  const verb = tokens[want.at + want.take - 1]!
  const isAct = isWord(verb, 'can', 'may', 'should', 'must') || isWord(tokens[from], 'to')
  if (isWord(tokens[from], 'to')) from++
  if (isWord(tokens[from], 'be') && isWord(tokens[from + 1], 'able') && isWord(tokens[from + 2], 'to'))
    from += 3
  const said = trimmed(tokens.slice(from, end)).map((token, at) =>
    at === 0 && isWord(token, ...KEEPS) ? { ...token, text: 'add', lower: 'add' } : token,
  )
  if (said.length === 0) return null
  const lead = isAct ? [word(actorOf(tokens.slice(2, want.at), rows)), word('can')] : []
  return { wish: [...lead, ...said], frame: [...tokens.slice(0, from), ...tokens.slice(end)] }
}

/** `As a student`: the students that another sentence describes, else any user. */
function actorOf(role: readonly Token[], rows: readonly Sentence[]): string {
  const noun = role.findLast(({ kind }) => kind === 'word')
  const many = noun === undefined ? '' : plural(noun.lower)
  const isDescribed = rows.some(
    ({ tokens }) => tokens[0]?.lower === many && isWord(tokens[1], 'have', 'has', 'belong', 'with'),
  )
  return isDescribed ? many : 'users'
}

function trimmed(tokens: readonly Token[]): readonly Token[] {
  let end = tokens.length
  while (end > 0 && isMark(tokens[end - 1], ',')) end--
  return tokens.slice(0, end)
}

/** A word that the prompt does not have. */
const word = (text: string): Token => ({
  kind: 'word',
  text,
  lower: text,
  start: -1,
  end: -1,
  quoted: false,
  inner: [],
})
