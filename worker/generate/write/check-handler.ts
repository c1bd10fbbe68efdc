import { format } from 'oxfmt'
import { tokensOf, UnreadableSource, type Token } from './tokens.ts'

/** Longer than this is no handler of one request. In UTF-16 code units. */
export const MAX_CODE = 20_000

/** Something about the code that must change before it is run: where, what, and what to do instead. */
export type CodeFault = { readonly line: number | null; readonly message: string }

/** What reaches out of the handler, or lasts longer than its request. */
const FORBIDDEN_WORDS: Readonly<Record<string, string>> = Object.fromEntries([
  ...['eval', 'Function', 'WebAssembly', 'Worker', 'importScripts', 'ShadowRealm'].map((word) => [
    word,
    'runs code that is not in this file; write the code itself',
  ]),
  ...['process', 'globalThis', 'global', 'window', 'self', 'require', 'module', 'Deno', 'Bun'].map((word) => [
    word,
    'reaches out of the operation; use what the input and the context give',
  ]),
  ...['fetch', 'WebSocket', 'EventSource', 'XMLHttpRequest', 'BroadcastChannel'].map((word) => [
    word,
    'opens a connection, which operations do not do',
  ]),
  ...['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask'].map((word) => [
    word,
    'goes on after the answer; do the work before it',
  ]),
  ...['console', 'debugger'].map((word) => [word, 'writes past the log; use the log of the context']),
  ...['Reflect', 'Proxy', 'with', 'DatabaseSync'].map((word) => [word, 'is not needed here']),
])
/** Ways from any value to the constructor of functions. */
const FORBIDDEN_PROPERTIES = new Set(['constructor', '__proto__', 'prototype', '__defineGetter__', 'prepare'])
const SQL = /\b(select\s.+\sfrom|insert\s+into|update\s.+\sset|delete\s+from|drop\s+table|alter\s+table)\b/is

/**
 * Everything about a handler that keeps it from being run: form, size, what it exports and imports, and what it
 * uses. It looks at tokens and knows no scopes, so it is a first fence and not the sandbox: names that are put
 * together at run time pass it, and the sandbox has to hold them.
 */
export async function checkHandler(
  code: string,
  expected: { readonly functionName: string; readonly imports: readonly string[] },
): Promise<CodeFault[]> {
  if (code.length > MAX_CODE)
    return [
      { line: null, message: `the file has ${code.length} characters; at most ${MAX_CODE} are allowed` },
    ]
  const { errors } = await format('handler.ts', code)
  if (errors.length > 0) return [{ line: null, message: `the file does not parse: ${errors[0]!.message}` }]
  let tokens: Token[]
  try {
    tokens = tokensOf(code)
  } catch (error) {
    if (error instanceof UnreadableSource) return [{ line: error.line, message: error.message }]
    throw error
  }
  return [
    ...exportFaults(tokens, expected.functionName),
    ...importFaults(tokens, expected.imports),
    ...wordFaults(tokens),
    ...loopFaults(tokens),
    ...commentFaults(code),
  ]
}

const isWord = (token: Token | undefined, text: string) => token?.kind === 'word' && token.text === text
const isProperty = (tokens: readonly Token[], index: number) =>
  ['.', '?.'].includes(tokens[index - 1]?.text ?? '') && tokens[index - 1]!.kind === 'mark'

function exportFaults(tokens: readonly Token[], name: string): CodeFault[] {
  const exports = tokens.flatMap((token, index) =>
    isWord(token, 'export') && !isProperty(tokens, index) ? [index] : [],
  )
  const isRight = (index: number) => {
    const at = isWord(tokens[index + 1], 'async') ? index + 2 : index + 1
    return isWord(tokens[at], 'function') && isWord(tokens[at + 1], name) && tokens[at + 2]?.text === '('
  }
  if (exports.length === 1 && isRight(exports[0]!)) return []
  const wrong = exports.find((index) => !isRight(index))
  return [
    {
      line: wrong === undefined ? null : tokens[wrong]!.line,
      message: `the file must export exactly one thing: "export function ${name}(" or "export async function ${name}("`,
    },
  ]
}

function importFaults(tokens: readonly Token[], allowed: readonly string[]): CodeFault[] {
  return tokens.flatMap((token, index): CodeFault[] => {
    if (!isWord(token, 'import')) return []
    const next = tokens[index + 1]
    if (next?.text === '(' || next?.text === '.')
      return [{ line: token.line, message: 'import() and import.meta are refused; import at the top' }]
    const from = tokens.slice(index + 1).find(({ kind }) => kind === 'string')
    if (from !== undefined && allowed.includes(from.text)) return []
    const what = from?.text ?? 'nothing'
    return [
      { line: token.line, message: `imports ${JSON.stringify(what)}; allowed are ${allowed.join(', ')}` },
    ]
  })
}

function wordFaults(tokens: readonly Token[]): CodeFault[] {
  return tokens.flatMap((token, index): CodeFault[] => {
    const { kind, text, line } = token
    switch (kind) {
      case 'word': {
        if (FORBIDDEN_PROPERTIES.has(text)) return [{ line, message: `${text} is refused` }]
        if (text === 'any' && [':', '<', 'as', ',', '|'].includes(tokens[index - 1]?.text ?? ''))
          return [{ line, message: 'the type any is refused; use the types that are given' }]
        const why = Object.hasOwn(FORBIDDEN_WORDS, text) ? FORBIDDEN_WORDS[text] : undefined
        return why === undefined || isProperty(tokens, index) ? [] : [{ line, message: `${text} ${why}` }]
      }
      case 'string':
      case 'template':
        if (FORBIDDEN_PROPERTIES.has(text) || /\\u|\\x/.test(text))
          return [{ line, message: `the text ${JSON.stringify(text.slice(0, 40))} is refused` }]
        return SQL.test(text)
          ? [{ line, message: 'holds SQL; rows are read and written through the repositories' }]
          : []
      case 'number':
      case 'regex':
      case 'mark':
        return []
    }
  })
}

/** A loop without an end in its head would stop the whole service if the one in its body is missed. */
function loopFaults(tokens: readonly Token[]): CodeFault[] {
  return tokens.flatMap((token, index): CodeFault[] => {
    const head = tokens
      .slice(index, index + 5)
      .map(({ text }) => text)
      .join(' ')
    return /^(while \( (true|1) \)|for \( ; ;)/.test(head)
      ? [{ line: token.line, message: 'a loop must have an end in its head; go through what is there' }]
      : []
  })
}

function commentFaults(code: string): CodeFault[] {
  return code
    .split('\n')
    .flatMap((text, index) =>
      /@ts-(ignore|expect-error|nocheck)/.test(text)
        ? [{ line: index + 1, message: 'type errors are mended, not silenced' }]
        : [],
    )
}

/** Without the fence that models put around code, and with the line ends of this house. */
export function cleanCode(text: string): string {
  const lines = text
    .replaceAll('\r\n', '\n')
    .replace(/^\uFEFF/, '')
    .trim()
  const fenced = /^```[a-z]*\n([\s\S]*?)\n?```$/.exec(lines)
  return `${(fenced?.[1] ?? lines).trim()}\n`
}
