import { sentences } from '../text/sentences.ts'
import { isMark, isWord, type Token } from '../text/tokens.ts'

/** One requested change. `text` is as written. */
export type ChangeRequest = {
  readonly kind: 'add' | 'remove' | 'rename' | 'make' | 'statement'
  /** Without the verb. */
  readonly tokens: readonly Token[]
  readonly text: string
}

const VERBS: Readonly<Record<string, Exclude<ChangeRequest['kind'], 'statement'>>> = {
  add: 'add',
  include: 'add',
  introduce: 'add',
  attach: 'add',
  append: 'add',
  remove: 'remove',
  delete: 'remove',
  drop: 'remove',
  omit: 'remove',
  rename: 'rename',
  make: 'make',
}
/** Polite words before the verb. */
const POLITE = new Set(
  'please can could you we i would like want need to also then now just and let us lets let’s "let\'s" should'.split(
    ' ',
  ),
)

/** Splits a request into changes: each sentence, at each verb. */
export function splitChangeRequests(prompt: string): ChangeRequest[] {
  return sentences(prompt).flatMap(({ tokens }) => {
    const starts = tokens.flatMap((token, at) =>
      startsChangeRequest(tokens, at) ? [{ at, kind: VERBS[token.lower]! }] : [],
    )
    const first = starts[0]?.at ?? tokens.length
    const before = tokens.slice(0, first).filter((token) => token.kind !== 'mark')
    const statement = before.every((token) => POLITE.has(token.lower))
      ? []
      : [makeChangeRequest(prompt, 'statement', tokens.slice(0, first))]
    return [
      ...statement,
      ...starts.map(({ at, kind }, index) =>
        makeChangeRequest(prompt, kind, trimmed(tokens.slice(at + 1, starts[index + 1]?.at)), tokens[at]),
      ),
    ]
  })
}

/** At the start, after polite words, or after a comma, `and` or `then`. */
function startsChangeRequest(tokens: readonly Token[], at: number): boolean {
  const token = tokens[at]!
  if (token.kind !== 'word' || token.quoted || !Object.hasOwn(VERBS, token.lower) || at === tokens.length - 1)
    return false
  const before = tokens.slice(0, at).filter((one) => one.kind !== 'mark')
  if (before.every((one) => POLITE.has(one.lower))) return true
  return isMark(tokens[at - 1], ',', ';', '&') || isWord(tokens[at - 1], 'and', 'then', 'also', 'plus')
}

function trimmed(tokens: readonly Token[]): readonly Token[] {
  let end = tokens.length
  while (
    end > 0 &&
    (tokens[end - 1]!.kind === 'mark' || isWord(tokens[end - 1], 'and', 'then', 'also', 'please', 'too'))
  )
    end -= 1
  return tokens.slice(0, end)
}

function makeChangeRequest(
  prompt: string,
  kind: ChangeRequest['kind'],
  tokens: readonly Token[],
  verb?: Token,
): ChangeRequest {
  const start = verb?.start ?? tokens[0]?.start ?? 0
  const end = tokens.at(-1)?.end ?? verb?.end ?? start
  return { kind, tokens, text: prompt.slice(start, end).replaceAll(/\s+/g, ' ').trim() }
}

/** The text of tokens as written in the prompt. */
export const textOf = (prompt: string, tokens: readonly Token[]) =>
  tokens.length === 0 ? '' : prompt.slice(tokens[0]!.start, tokens.at(-1)!.end)
