/**
 * A prompt as words, numbers, paths and marks. Parentheses become one `group` token with the tokens
 * inside, so that readers see a flat list and a comma in parentheses never splits it.
 */
export type Token = {
  readonly kind: 'word' | 'number' | 'path' | 'mark' | 'group'
  readonly text: string
  readonly lower: string
  /** Offsets in the prompt, `end` exclusive. */
  readonly start: number
  readonly end: number
  readonly quoted: boolean
  /** The tokens in the parentheses; empty for all other kinds. */
  readonly inner: readonly Token[]
}

// No alternative has nested repetition, so matching is linear.
const PIECES = new RegExp(
  [
    /(?<with>(?<![\p{L}\p{N}])[wW]\/(?:[oO](?:ut)?(?![\p{L}\p{N}]))?)/u,
    /(?<quoted>"[^"\n]{1,80}"|“[^”\n]{1,80}”|«[^»\n]{1,80}»|`[^`\n]{1,80}`|(?<![\p{L}\p{N}])'[^'\n]{1,60}'(?![\p{L}\p{N}]))/u,
    /(?<path>https?:\/\/[^\s,;)\]]+|(?<![\p{L}\p{N}_.<)])\/[\p{L}\p{N}_][\p{L}\p{N}_\-:/{}.~*]*)/u,
    /(?<abbr>(?:e\.g|i\.e|etc|vs)\.)/u,
    /(?<number>(?:(?<![\p{L}\p{N}])[-−])?\d+(?:,\d{3}(?!\d)|\.\d+)*(?![\p{L}\p{N}_]))/u,
    /(?<word>[\p{L}\p{N}_][\p{L}\p{N}\p{M}_]*(?:['’.@-][\p{L}\p{N}][\p{L}\p{N}\p{M}_]*)*(?:\+{1,2}(?![\p{L}\p{N}+])|[-−](?=[,;)\]/|]))?)/u,
    /(?<mark><=|>=|->|=>|→|\.\.+|[^\s])/u,
  ]
    .map((piece) => piece.source)
    .join('|'),
  'gu',
)

const CLOSES: Record<string, string> = { '(': ')', '[': ']', '{': '}' }
/** Deeper parentheses are plain marks, which limits recursion. */
const MAX_DEPTH = 4

/** The tokens of one line; `offset` is where the line starts in the prompt. Never throws. */
export function tokenize(line: string, offset: number): Token[] {
  const flat: Token[] = []
  for (const match of line.matchAll(PIECES)) {
    const { quoted, path, number, mark, with: short } = match.groups ?? {}
    const start = offset + match.index
    const end = start + match[0].length
    const text = short ? longForm(short) : quoted === undefined ? match[0] : match[0].slice(1, -1).trim()
    if (text === '') continue
    const isPath = path !== undefined || (quoted !== undefined && /^\/[\w\-:/{}.]+$/.test(text))
    const kind = isPath ? 'path' : number ? 'number' : mark ? 'mark' : 'word'
    const trimmed = isPath ? text.replace(/[.,:]+$/, '') : text
    flat.push(make(kind, trimmed, start, end, quoted !== undefined))
  }
  return group(flat)
}

/** `w/` → with, `w/o` → without. */
const longForm = (short: string) => (short.length > 2 ? 'without' : 'with')

function make(
  kind: Token['kind'],
  text: string,
  start: number,
  end: number,
  quoted = false,
  inner: Token[] = [],
): Token {
  return { kind, text, lower: text.toLowerCase().replaceAll('’', "'"), start, end, quoted, inner }
}

function group(flat: readonly Token[]): Token[] {
  const mates = pairBrackets(flat)
  const build = (from: number, to: number): Token[] => {
    const row: Token[] = []
    for (let at = from; at < to; at++) {
      const token = flat[at]!
      const close = mates.get(at)
      if (close === undefined) row.push(token)
      else {
        row.push(make('group', token.text, token.start, flat[close]!.end, false, build(at + 1, close)))
        at = close
      }
    }
    return row
  }
  return build(0, flat.length)
}

/** Index of each matched, not too deep opening parenthesis → index of the closing one. */
function pairBrackets(flat: readonly Token[]): Map<number, number> {
  const mates = new Map<number, number>()
  const open: number[] = []
  flat.forEach((token, at) => {
    if (token.kind !== 'mark') return
    if (CLOSES[token.text]) open.push(at)
    else if (')]}'.includes(token.text)) {
      const from = open.at(-1)
      if (from === undefined || CLOSES[flat[from]!.text] !== token.text) return
      open.pop()
      if (open.length < MAX_DEPTH) mates.set(from, at)
    }
  })
  return mates
}

/** Tokens including those inside groups, in reading order. */
export function flatten(row: readonly Token[]): Token[] {
  return row.flatMap((token) => (token.kind === 'group' ? flatten(token.inner) : [token]))
}

export function isWord(token: Token | undefined, ...words: readonly string[]): boolean {
  return token !== undefined && token.kind === 'word' && words.includes(token.lower)
}

export function isMark(token: Token | undefined, ...marks: readonly string[]): boolean {
  return token !== undefined && token.kind === 'mark' && marks.includes(token.text)
}
