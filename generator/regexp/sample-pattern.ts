import { RegExpParser, type AST } from '@eslint-community/regexpp'

/** Longer than any value worth sending. */
const MAX_LENGTH = 2_000
/** Of one repetition, and of the characters of one range. */
const MOST_REPEATS = 200
const MOST_CHARACTERS = 36

type Options = {
  /** From 0; another text for each, as far as there are. */
  readonly index?: number
  /** How often a part repeats that may repeat, within its limits. */
  readonly repeats?: number
}
/** What is left of the index: each choice takes its share of it. */
type Choices = { index: number; readonly repeats: number }

/** A text that matches a pattern in most cases; null where it cannot be parsed. Check what it returns. */
export function samplePattern(pattern: string, { index = 0, repeats = 1 }: Options = {}): string | null {
  try {
    const parsed = new RegExpParser({ ecmaVersion: 2024 }).parsePattern(pattern, 0, pattern.length, {
      unicode: true,
    })
    return anyOf(parsed.alternatives, { index, repeats }).slice(0, MAX_LENGTH)
  } catch {
    return null
  }
}

function choose<T>(options: readonly T[], choices: Choices): T | undefined {
  const { length } = options
  if (length < 2) return options[0]
  const at = choices.index % length
  choices.index = Math.floor(choices.index / length)
  return options[at]
}

const anyOf = (alternatives: readonly AST.Alternative[], choices: Choices): string =>
  (choose(alternatives, choices)?.elements ?? []).map((element) => sampleOf(element, choices)).join('')

function sampleOf(element: AST.Element, choices: Choices): string {
  switch (element.type) {
    case 'Character':
      return String.fromCodePoint(element.value)
    case 'CharacterSet':
      return choose(setOf(element), choices) ?? ''
    case 'CharacterClass':
      return choose(classOf(element), choices) ?? ''
    case 'Group':
    case 'CapturingGroup':
      return anyOf(element.alternatives, choices)
    case 'Quantifier': {
      const count = Math.min(Math.max(element.min, Math.min(choices.repeats, element.max)), MOST_REPEATS)
      let text = ''
      for (let at = 0; at < count && text.length < MAX_LENGTH; at += 1)
        text += sampleOf(element.element, choices)
      return text
    }
    default:
      return ''
  }
}

const DIGITS = [...'1234567890']
const LETTERS = [...'abcdefghijklmnopqrstuvwxyz']

function setOf(set: AST.CharacterSet): readonly string[] {
  if (set.kind === 'digit') return set.negate ? LETTERS : DIGITS
  if (set.kind === 'space') return set.negate ? LETTERS : [' ']
  return set.kind === 'word' && set.negate ? ['-'] : LETTERS
}

function classOf(found: AST.CharacterClass): readonly string[] {
  if (found.negate) {
    const others = ['a', '1', '-', ' ', 'Z', '_', ...LETTERS.slice(1), ...DIGITS.slice(1)]
    const allowed = others.filter((one) => !found.elements.some((element) => hasCharacter(element, one)))
    return allowed.length > 0 ? allowed : ['~']
  }
  return found.elements.flatMap((element) => {
    if (element.type === 'Character') return [String.fromCodePoint(element.value)]
    if (element.type === 'CharacterSet') return setOf(element)
    if (element.type !== 'CharacterClassRange') return []
    const { min, max } = element
    const length = Math.min(max.value - min.value + 1, MOST_CHARACTERS)
    return Array.from({ length }, (_, at) => String.fromCodePoint(min.value + at))
  })
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
