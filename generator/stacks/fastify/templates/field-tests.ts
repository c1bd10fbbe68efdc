import type { Json } from '#contract'
import { leftOutBy } from '../../../blueprint/next-number.ts'
import { rangeOf, spreadOf } from '../../../blueprint/number-range.ts'
import { lookUpKind, type PerKind } from '../../../blueprint/per-kind.ts'
import { MANY_SAMPLES, patternMisfit, patternSamples } from '../../../blueprint/text-pattern.ts'
import { literal, stringLiteral, templateText } from '../../../codegen/encode/typescript.ts'
import type { SampleValue } from '../../../codegen/samples.ts'

type Bounds = { readonly min?: number | undefined; readonly max?: number | undefined }
/** An invalid value, and what is wrong with it. */
export type Wrong = { readonly what: string; readonly value: Json }
export type WrongText = { readonly what: string; readonly value: string }

/** A text that is not valid for any kind. */
const NONSENSE = 'none of these'

/** Test code for values of a kind. */
type FieldTests = {
  /** An expression for a value that varies with the number `n`; `isFew` if there are few values. */
  varied(given: { sample: SampleValue; isFew: boolean }): string
  /** Invalid JSON values. */
  wrong(): Wrong[]
  /** Invalid texts of a path or query. */
  wrongTexts(): WrongText[]
  /** Expressions for values just outside the limits. */
  readonly outside: readonly string[]
}

const noFormat = (kind: string, varied: string): FieldTests => ({
  varied: () => varied,
  wrong: () => [{ what: `is no ${kind}`, value: NONSENSE }],
  wrongTexts: () => [{ what: `is no ${kind}`, value: NONSENSE }],
  outside: [],
})

const NO_TEXT = { what: 'is a text', value: 'text' }

const KINDS: PerKind<FieldTests> = {
  string: ({ min, max, pattern }) => ({
    varied: ({ sample }) => {
      if (pattern === undefined) return variedText(sample, max)
      const samples = patternSamples({ pattern, min, max }, MANY_SAMPLES)
      const between = [' ', '|', '\n', '\t'].find((one) => !samples.some((text) => text.includes(one)))
      const list =
        between === undefined
          ? `[${samples.map(stringLiteral).join(', ')}]`
          : `${stringLiteral(samples.join(between))}.split(${stringLiteral(between)})`
      return `${list}[n % ${samples.length}] ?? ${literal(sample)}`
    },
    wrong: () => [
      { what: 'is a number', value: 1 },
      ...(min !== undefined && min > 0
        ? [{ what: 'is too short', value: 'x'.repeat(Math.min(min, 1000) - 1) }]
        : []),
      ...(max !== undefined && max < 1000 ? [{ what: 'is too long', value: 'x'.repeat(max + 1) }] : []),
      ...unmatched({ pattern, min, max }),
    ],
    wrongTexts: () => unmatched({ pattern, min, max }),
    outside: tooLong(max),
  }),
  text: ({ max }) => ({
    varied: ({ sample }) => variedText(sample, max),
    wrong: () => [{ what: 'is a number', value: 1 }],
    wrongTexts: () => [],
    outside: tooLong(max),
  }),
  integer: (type) => ({
    varied: () => {
      const { low, high } = rangeOf(type)
      return high - low > 500 ? `${literal(low)} + n` : `${literal(low)} + (n % ${high - low + 1})`
    },
    wrong: () => [NO_TEXT, { what: 'is a fraction', value: 1.5 }, ...beyond(type)],
    wrongTexts: () => [NO_TEXT, { what: 'is a fraction', value: '1.5' }],
    outside: ['1.5', ...nextTo(type)],
  }),
  number: (type) => ({
    varied: ({ isFew }) => {
      const { low, high } = rangeOf(type)
      const isWide = high - low > 500 && Math.abs(low) < Number.MAX_SAFE_INTEGER / 2
      if (isWide) return `${literal(low)} + n`
      const spread = spreadOf(type)
      if (isFew) return `[${spread.map(literal).join(', ')}][n % ${spread.length}] ?? ${literal(low)}`
      return Number.isFinite((high - low) * 97)
        ? `${literal(low)} + (${literal(high - low)} * (n % 97)) / 97`
        : `${literal(low)} + ${literal(high / 97 - low / 97)} * (n % 97)`
    },
    wrong: () => [NO_TEXT, ...beyond(type)],
    wrongTexts: () => [NO_TEXT],
    outside: [...leftOut(type), ...nextTo(type)],
  }),
  boolean: () => ({
    varied: () => 'n % 2 === 1',
    wrong: () => [NO_TEXT],
    wrongTexts: () => [NO_TEXT],
    outside: [],
  }),
  date: () => noFormat('date', 'new Date(Date.UTC(2026, 0, n)).toISOString().slice(0, 10)'),
  datetime: () => noFormat('datetime', 'new Date(Date.UTC(2026, 0, 1, 0, n)).toISOString()'),
  email: () => noFormat('email', '`person${n}@example.com`'),
  url: () => noFormat('url', '`https://example.com/${n}`'),
  // Every UUID that ends in a number differs.
  uuid: () => noFormat('uuid', "`00000000-0000-4000-8000-${String(n).padStart(12, '0')}`"),
  enum: ({ values }) => {
    const other = {
      what: 'is not in the list',
      value: values.includes(NONSENSE) ? values.join(' ') : NONSENSE,
    }
    return {
      varied: () =>
        `([${values.map(stringLiteral).join(', ')}] as const)[n % ${values.length}] ?? ${stringLiteral(values[0] ?? '')}`,
      wrong: () => [other],
      wrongTexts: () => [other],
      outside: [],
    }
  },
  json: () => ({
    varied: ({ sample }) => literal(sample),
    wrong: () => [],
    wrongTexts: () => [],
    outside: [],
  }),
}

export const fieldTests = lookUpKind(KINDS)

function unmatched({ pattern, min, max }: Bounds & { readonly pattern: string | undefined }): WrongText[] {
  const value = pattern === undefined ? null : patternMisfit({ pattern, min, max })
  return value === null ? [] : [{ what: 'does not match its pattern', value }]
}

/** Code of a text that is one character too long. */
const tooLong = (max: number | undefined): string[] => (max === undefined ? [] : [`'x'.repeat(${max + 1})`])

function variedText(sample: SampleValue, maxLength: number | undefined): string {
  if (maxLength !== undefined && maxLength < 5)
    return '(n + 9).toString(36)'.concat(maxLength === 1 ? '.slice(-1)' : '')
  // Well-formed: truncation can split a character.
  const start = String(sample)
    .slice(0, Math.min(60, (maxLength ?? Infinity) - 4))
    .toWellFormed()
  return `\`${templateText(start)} \${n}\``
}

const beyond = ({ min, max }: Bounds): Wrong[] =>
  [
    ...(min === undefined ? [] : [{ what: 'is too small', value: min - stepOf(min) }]),
    ...(max === undefined ? [] : [{ what: 'is too large', value: max + stepOf(max) }]),
  ].filter(({ value }) => Number.isFinite(value))

/** Adding one to a number of this size makes no difference. */
const stepOf = (bound: number) => (Math.abs(bound) < Number.MAX_SAFE_INTEGER / 2 ? 1 : Math.abs(bound))

/** The round numbers that the bounds leave out. */
const leftOut = ({ min, max }: Bounds): string[] =>
  [
    min === undefined ? undefined : leftOutBy(min, 1),
    max === undefined ? undefined : leftOutBy(max, -1),
  ].flatMap((value) => (value === undefined ? [] : [literal(value)]))

const nextTo = ({ min, max }: Bounds): string[] => [
  ...(min !== undefined && Number.isSafeInteger(Math.floor(min) - 1) ? [literal(min - 1)] : []),
  ...(max !== undefined && Number.isSafeInteger(Math.ceil(max) + 1) ? [literal(max + 1)] : []),
]
