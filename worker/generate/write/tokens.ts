// Longer than most files: one scanner, whose parts share where it stands.
/** One piece of a source file. Comments are left out; the pieces of code within a template come after it. */
export type Token = {
  readonly kind: 'word' | 'number' | 'string' | 'template' | 'regex' | 'mark'
  /** As it stands in the file; of a string or a template what is between the quotes. */
  readonly text: string
  readonly line: number
}

/** The text cannot be told apart for certain, or is not TypeScript. The message ends a sentence. */
export class UnreadableSource extends Error {
  readonly code = 'unreadable_source'
  readonly line: number
  constructor(message: string, line: number) {
    super(message)
    this.line = line
  }
}

/** Words after which a slash starts a regular expression. */
const BEFORE_REGEX = new Set(
  'return typeof case in delete void throw new else do instanceof extends'.split(' '),
)
/** Heads after whose closing parenthesis a statement starts. */
const HEADS = new Set(['if', 'while', 'for', 'with'])
const MARK = /^(?:=>|\?\.|\?\?=?|\*\*=?|\.\.\.|[+\-*/%&|^<>=!]=?=?|&&=?|\|\|=?|>>>?=?|<<=?|[{}()[\];,.:?~@#])/

/**
 * Splits TypeScript into tokens, enough to look for what must not be in it. It knows no grammar, so where a slash
 * could be a division or a regular expression it refuses instead of guessing: a wrong guess would hide code.
 */
export function tokensOf(source: string): Token[] {
  const tokens: Token[] = []
  /** What each open bracket belongs to: a parenthesis of a head, another bracket, or a template's expression. */
  const open: ('head' | 'group' | 'brace' | 'template')[] = []
  let at = 0
  let line = 1
  let closedHead = false

  const push = (kind: Token['kind'], text: string) => {
    tokens.push({ kind, text, line })
  }
  const skip = (length: number) => {
    line += source.slice(at, at + length).split('\n').length - 1
    at += length
  }
  const fail = (message: string): never => {
    throw new UnreadableSource(message, line)
  }

  function readTemplate(): void {
    // From behind the backtick, or from behind the brace that closes an expression.
    let end = at
    while (source[end] !== '`' && !source.startsWith('${', end)) {
      if (end >= source.length) fail('a template text does not end')
      end += source[end] === '\\' ? 2 : 1
    }
    push('template', source.slice(at, end))
    const isOpen = source[end] === '$'
    skip(end - at + (isOpen ? 2 : 1))
    if (isOpen) {
      open.push('template')
      push('mark', '${')
    }
  }

  function startsRegex(): boolean {
    const last = tokens.at(-1)
    const before = tokens.at(-2)
    if (last === undefined) return true
    switch (last.kind) {
      case 'number':
      case 'string':
      case 'template':
      case 'regex':
        return false
      case 'word':
        if (before?.text === '.' || before?.text === '?.') return false
        if (['of', 'yield', 'await', 'async'].includes(last.text))
          return fail(`a slash after ${last.text} can be read in two ways; use parentheses`)
        return BEFORE_REGEX.has(last.text)
      case 'mark':
        if (last.text === ')') return closedHead
        if (last.text === ']') return false
        if (last.text === '}' || last.text === '++' || last.text === '--')
          return fail(`a slash after ${last.text} can be read in two ways; use parentheses`)
        if (last.text === '!' && (before?.kind !== 'mark' || before.text === ')' || before.text === ']'))
          return fail('a slash after ! can be read in two ways; use parentheses')
        return true
    }
  }

  while (at < source.length) {
    const rest = source.slice(at, at + 200)
    const space = /^\s+/.exec(rest)
    if (space) {
      skip(space[0].length)
      continue
    }
    if (rest.startsWith('//')) {
      const end = source.slice(at).search(/[\n\r\u2028\u2029]/)
      skip(end === -1 ? source.length - at : end)
      continue
    }
    if (rest.startsWith('/*')) {
      const end = source.indexOf('*/', at + 2)
      if (end === -1) fail('a comment does not end')
      skip(end + 2 - at)
      continue
    }
    const word = /^[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*/u.exec(rest)
    if (word) {
      push('word', word[0])
      skip(word[0].length)
      continue
    }
    const number = /^(?:0[xXbBoO][\da-fA-F_]+n?|(?:\d[\d_]*)(?:\.[\d_]*)?(?:[eE][+-]?\d+)?n?)/.exec(rest)
    if (number) {
      push('number', number[0])
      skip(number[0].length)
      continue
    }
    const quote = source[at]!
    if (quote === "'" || quote === '"') {
      let end = at + 1
      while (source[end] !== quote) {
        if (end >= source.length || source[end] === '\n') fail('a text does not end on its line')
        end += source[end] === '\\' ? 2 : 1
      }
      push('string', source.slice(at + 1, end))
      skip(end + 1 - at)
      continue
    }
    if (quote === '`') {
      skip(1)
      readTemplate()
      continue
    }
    if (quote === '/' && startsRegex()) {
      let end = at + 1
      let inClass = false
      while (source[end] !== '/' || inClass) {
        const character = source[end]
        if (character === undefined || character === '\n')
          fail('a regular expression does not end on its line')
        if (character === '[') inClass = true
        if (character === ']') inClass = false
        end += character === '\\' ? 2 : 1
      }
      const flags = /^[a-z]*/.exec(source.slice(end + 1, end + 10))![0]
      push('regex', source.slice(at + 1, end))
      skip(end + 1 + flags.length - at)
      continue
    }
    if (quote === '}' && open.at(-1) === 'template') {
      open.pop()
      push('mark', '}')
      skip(1)
      readTemplate()
      continue
    }
    const mark = rest.startsWith('++') || rest.startsWith('--') ? rest.slice(0, 2) : MARK.exec(rest)?.[0]
    if (mark === undefined) fail(`the character ${JSON.stringify(quote)} does not belong into code`)
    const text = mark!
    if (text === '(') {
      const last = tokens.at(-1)
      open.push(
        last?.kind === 'word' && HEADS.has(last.text) && tokens.at(-2)?.text !== '.' ? 'head' : 'group',
      )
    } else if (text === '{') open.push('brace')
    else if (text === '[') open.push('group')
    else if (text === ')' || text === '}' || text === ']') {
      const closed = open.pop()
      if (closed === undefined) fail(`${text} closes nothing`)
      closedHead = closed === 'head'
    }
    push('mark', text)
    skip(text.length)
  }
  if (open.length > 0) fail('a bracket is not closed')
  return tokens
}
