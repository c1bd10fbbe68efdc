import type { Operand, Rule } from './check-rule.ts'
import { likePattern, posixPattern } from './check-pattern.ts'
import { compared } from './compared.ts'
import type { Token } from './tokens.ts'

/** The condition of a check has no more. */
const MAX_TOKENS = 2_000
const MAX_DEPTH = 20
const LENGTHS = /^(length|char_length|character_length|len)$/i
/** Functions that change nothing about whether a text is empty. */
const TRIMS = /^(trim|btrim|ltrim|rtrim)$/i
const TYPE_WORDS = /^(varying|precision|with|without|time|zone|unsigned|signed)$/i
const TURNED: Record<string, string> = { '<': '>', '>': '<', '<=': '>=', '>=': '<=', '=': '=' }

/** The CHECK rules that fields support: a list of values, bounds, a maximum length. Null for any other. */
export function readCheck(tokens: readonly Token[]): Rule[] | null {
  if (tokens.length > MAX_TOKENS) return null
  let at = 0
  const isSign = (text: string) => tokens[at]?.kind === 'sign' && tokens[at]!.text === text
  const isWord = (pattern: RegExp) => tokens[at]?.kind === 'word' && pattern.test(tokens[at]!.text)
  const take = (text: string) => isSign(text) && (at += 1) > 0
  const takeWord = (pattern: RegExp) => isWord(pattern) && (at += 1) > 0
  /** What a reading finds, or null at the same place as before. */
  const attempt = <T>(read: () => T | null): T | null => {
    const start = at
    const found = read()
    if (found === null) at = start
    return found
  }
  const skipCasts = () => {
    while (take('::')) {
      do at += 1
      while (take('.'))
      while (isWord(TYPE_WORDS)) at += 1
      if (isSign('(')) while (at < tokens.length && !take(')')) at += 1
      while (isWord(TYPE_WORDS)) at += 1
      while (take('[')) take(']')
    }
  }
  const inBrackets = <T>(read: () => T | null): T | null =>
    attempt(() => {
      if (!take('(')) return null
      const found = read()
      return found !== null && take(')') ? found : null
    })
  const casted = <T>(read: () => T | null): T | null => {
    const found = read()
    if (found !== null) skipCasts()
    return found
  }
  const column = (depth = 0): string | null =>
    depth > MAX_DEPTH
      ? null
      : casted(
          () =>
            inBrackets(() => column(depth + 1)) ??
            attempt(() => {
              const token = tokens[at++]
              const isName = token?.kind === 'word' || token?.kind === 'name'
              return isName && !isSign('(') && !isSign('.') ? token.text : null
            }),
        )
  const calledWith = (pattern: RegExp): string | null =>
    attempt(() => {
      // `TRIM(BOTH FROM name)` is how PostgreSQL writes it.
      if (!takeWord(pattern) || !take('(')) return null
      if (takeWord(/^both$/i)) takeWord(/^from$/i)
      const found = calledWith(TRIMS) ?? column()
      return found !== null && take(')') ? found : null
    })
  const operand = (depth = 0): Operand | null => {
    if (depth > MAX_DEPTH) return null
    const measured = casted(() => calledWith(LENGTHS))
    if (measured !== null) return { column: measured, isLength: true }
    const plain = column()
    return plain === null ? inBrackets(() => operand(depth + 1)) : { column: plain, isLength: false }
  }
  const number = (depth = 0): number | null =>
    depth > MAX_DEPTH
      ? null
      : casted(
          () =>
            inBrackets(() => number(depth + 1)) ??
            attempt(() => {
              const sign = take('-') ? -1 : 1
              if (sign === 1) take('+')
              const token = tokens[at++]
              if (token?.kind === 'number') return sign * Number(token.text)
              // `'0'::numeric`
              const isText = token?.kind === 'text' && /^-?\d{1,15}(\.\d{1,15})?$/.test(token.text)
              return isText && isSign('::') ? sign * Number(token.text) : null
            }),
        )
  const text = (): string | null =>
    casted(
      () =>
        inBrackets(text) ??
        attempt(() => {
          const token = tokens[at++]
          return token?.kind === 'text' ? token.text : null
        }),
    )
  const listOf = <T>(read: () => T | null): T[] | null =>
    attempt(() => {
      const list: T[] = []
      do {
        const one = read()
        if (one === null) return null
        list.push(one)
      } while (take(','))
      return list
    })
  /** `('a', 'b')`, or `(ARRAY['a', 'b'])`. */
  const members = <T>(read: () => T | null): T[] | null =>
    inBrackets(() =>
      casted(
        () =>
          attempt(() => {
            if (!takeWord(/^array$/i) || !take('[')) return null
            const list = listOf(read)
            return list !== null && take(']') ? list : null
          }) ?? members(read),
      ),
    ) ?? inBrackets(() => listOf(read))
  const matching = (one: Operand, read: (said: string) => string | null): Rule[] | null => {
    const said = one.isLength ? null : text()
    const pattern = said === null ? null : read(said)
    return pattern === null ? null : [{ column: one.column, kind: 'pattern', pattern }]
  }
  const comparison = (): Rule[] | null => {
    const start = at
    const turned = attempt(() => {
      const value = number()
      const sign = value === null ? undefined : TURNED[tokens[at++]?.text ?? '']
      const one = sign === undefined ? null : operand()
      return one === null ? null : compared(one, sign!, value!)
    })
    if (turned !== null) return turned
    at = start
    const one = operand()
    if (one === null) return null
    if (takeWord(/^between$/i)) {
      const [min, and, max] = [number(), takeWord(/^and$/i), number()]
      if (min === null || !and || max === null) return null
      const [low, high] = [compared(one, '>=', min), compared(one, '<=', max)]
      return low && high && [...low, ...high]
    }
    const isAny = attempt(() => (take('=') && takeWord(/^any$/i) ? true : null))
    if (isAny || takeWord(/^in$/i)) {
      if (one.isLength) return null
      const values = members(text)
      if (values) return [{ column: one.column, kind: 'values', values }]
      const numbers = members(number)
      return numbers && [{ column: one.column, kind: 'numbers', numbers }]
    }
    if (takeWord(/^is$/i))
      return takeWord(/^not$/i) && takeWord(/^null$/i) ? [{ column: one.column, kind: 'present' }] : null
    // PostgreSQL writes LIKE as `~~`.
    if (takeWord(/^like$/i) || (isSign('~') && tokens[at + 1]?.text === '~' && (at += 2) > 0))
      return matching(one, likePattern)
    if (takeWord(/^(regexp|rlike)$/i) || take('~')) return matching(one, posixPattern)
    const sign = tokens[at++]?.text ?? ''
    const value = number()
    if (value !== null) return compared(one, sign, value)
    const word = text()
    if (word === null || one.isLength) return null
    if ((sign === '<>' || sign === '!=') && word === '') return [{ column: one.column, kind: 'filled' }]
    return sign === '=' ? [{ column: one.column, kind: 'values', values: [word] }] : null
  }
  /** Text that is not blank, as `trim(name) <> ''`. */
  const trimmed = (): Rule[] | null =>
    attempt(() => {
      const name = casted(() => calledWith(TRIMS))
      const isUnequal = name !== null && (take('<>') || take('!='))
      return isUnequal && text() === '' ? [{ column: name, kind: 'filled' }] : null
    })
  const isNull = (): string | null =>
    attempt(() => {
      const name = column()
      return name !== null && takeWord(/^is$/i) && takeWord(/^null$/i) ? name : null
    })
  const either = (depth: number): Rule[] | null => {
    // A check is passed by null: `x IS NULL OR x > 0` says no more than `x > 0`.
    const nothing = attempt(() => inBrackets(isNull) ?? isNull())
    if (nothing !== null) {
      const rules = takeWord(/^or$/i) ? both(depth + 1) : null
      return rules?.every((rule) => rule.column.toLowerCase() === nothing.toLowerCase()) ? rules : null
    }
    const rules = inBrackets(() => both(depth + 1)) ?? attempt(trimmed) ?? attempt(comparison)
    if (rules === null || !isWord(/^or$/i)) return rules
    at += 1
    const [first] = rules
    const other = attempt(() => inBrackets(isNull) ?? isNull())
    if (other !== null)
      return rules.every((rule) => rule.column.toLowerCase() === other.toLowerCase()) ? rules : null
    // One value or another.
    const more = either(depth + 1)
    const [second] = more ?? []
    const areValues =
      rules.length === 1 && more?.length === 1 && first?.kind === 'values' && second?.kind === 'values'
    if (!areValues || first.column.toLowerCase() !== second.column.toLowerCase()) return null
    return [{ ...first, values: [...first.values, ...second.values] }]
  }
  const both = (depth: number): Rule[] | null => {
    if (depth > MAX_DEPTH) return null
    const rules: Rule[] = []
    do {
      const found = either(depth)
      if (found === null) return null
      rules.push(...found)
    } while (takeWord(/^and$/i))
    return rules
  }
  const rules = both(0)
  return rules !== null && at === tokens.length ? rules : null
}
