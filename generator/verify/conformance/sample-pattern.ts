import { RegExpParser, type AST } from '@eslint-community/regexpp'

/** Longer than any value worth sending. */
const MAX_LENGTH = 2_000

/** A text that matches a pattern in most cases; null where it cannot be parsed. Check what it returns. */
export function samplePattern(pattern: string): string | null {
  try {
    const parsed = new RegExpParser({ ecmaVersion: 2024 }).parsePattern(pattern, 0, pattern.length, {
      unicode: true,
    })
    return anyOf(parsed.alternatives).slice(0, MAX_LENGTH)
  } catch {
    return null
  }
}

const anyOf = (alternatives: readonly AST.Alternative[]): string =>
  (alternatives[0]?.elements ?? []).map((element) => sampleOf(element)).join('')

function sampleOf(element: AST.Element): string {
  switch (element.type) {
    case 'Character':
      return String.fromCodePoint(element.value)
    case 'CharacterSet':
      return setOf(element)
    case 'CharacterClass':
      return classOf(element)
    case 'Group':
    case 'CapturingGroup':
      return anyOf(element.alternatives)
    case 'Quantifier':
      return sampleOf(element.element).repeat(Math.min(Math.max(element.min, Math.min(1, element.max)), 200))
    default:
      return ''
  }
}

function setOf(set: AST.CharacterSet): string {
  if (set.kind === 'digit') return set.negate ? 'a' : '1'
  if (set.kind === 'space') return set.negate ? 'a' : ' '
  return set.kind === 'word' && set.negate ? '-' : 'a'
}

function classOf(found: AST.CharacterClass): string {
  if (found.negate) {
    const others = ['a', '1', '-', ' ', 'Z', '_']
    return others.find((one) => !found.elements.some((element) => hasCharacter(element, one))) ?? '~'
  }
  const [first] = found.elements
  if (first === undefined) return ''
  if (first.type === 'CharacterClassRange') return String.fromCodePoint(first.min.value)
  if (first.type === 'Character') return String.fromCodePoint(first.value)
  return first.type === 'CharacterSet' ? setOf(first) : ''
}

function hasCharacter(element: AST.CharacterClass['elements'][number], one: string): boolean {
  const point = one.codePointAt(0)!
  if (element.type === 'Character') return element.value === point
  if (element.type === 'CharacterClassRange') return element.min.value <= point && point <= element.max.value
  if (element.type !== 'CharacterSet') return false
  const { kind } = element
  const has = kind === 'digit' ? /\d/ : kind === 'space' ? /\s/ : /\w/
  return has.test(one) !== element.negate
}
