import type { Field, Json, Shape } from '#contract'
import { rangeOf } from '../blueprint/number-range.ts'
import { lookUpKind, type PerKind } from '../blueprint/per-kind.ts'
import { patternMisfit, patternSamples } from '../blueprint/text-pattern.ts'
import { wordsOf } from './names.ts'
import { stableUuid } from './stable-uuid.ts'
import { dayFor, instantFor, switchFor, valuesInUse } from './usual-states.ts'
import { cut, numberFor, textFor } from './usual-values.ts'

export type SampleValue = NonNullable<Json>

type Where = {
  readonly entityName: string
  readonly field: Field
  /** From 0; another value for each, as far as there are. */
  readonly index: number
}
type Pair = [SampleValue, SampleValue] | undefined

/** Values of a kind of field, for seeds, tests and documents. */
type FieldSample = {
  /** A realistic value of a field. */
  derive(where: Where, sampleOf: (shape: Shape) => Json): SampleValue
  /** The value that stands in requests for any such value; a text has at most `most` characters. */
  plain(most: number): SampleValue
  /** A value that does not fit at all. */
  misfit(): SampleValue
  /** Two values of which the first sorts before the second, if there is an order to speak of. */
  orderedPair(): Pair
  /** Two different values, the first of which survives a query string. */
  distinctPair(): Pair
}

/** Of a kind that has an order, any two values that are in order are different too. */
const ordered = (orderedPair: () => Pair) => ({ orderedPair, distinctPair: orderedPair })
const unordered = ordered(() => undefined)

const topicOf = ({ entityName, field }: Where): string =>
  `${wordsOf(entityName).join(' ')}.${wordsOf(field.name).join(' ')}`
const least = ({ min, max }: { min?: number | undefined; max?: number | undefined }): number =>
  Math.min(Math.max(1, min ?? 1), max ?? Infinity)

const KINDS: PerKind<FieldSample> = {
  string: ({ min, max, pattern }) => ({
    derive: (where) => {
      if (pattern === undefined)
        return cut(textFor(topicOf(where), where.field, where.index), max, where.index)
      const samples = patternSamples({ pattern, min, max }, where.index + 1)
      return samples[where.index % samples.length] ?? ''
    },
    plain: (most) =>
      pattern === undefined
        ? 'text'.padEnd(Math.min(min ?? 0, most), ' text').slice(0, max)
        : (patternSamples({ pattern, min, max }, 1)[0] ?? ''),
    misfit: () => (pattern === undefined ? 42 : (patternMisfit({ pattern, min, max }) ?? 42)),
    ...ordered(() => {
      if (pattern === undefined) return ['a', 'b']
      const [low, high] = patternSamples({ pattern, min, max }, 2).toSorted()
      return low === undefined || high === undefined ? undefined : [low, high]
    }),
  }),
  text: ({ max }) => ({
    derive: (where) => cut(textFor(topicOf(where), where.field, where.index), max, where.index),
    plain: () => 'text'.slice(0, max),
    misfit: () => 42,
    ...ordered(() => ['a', 'b']),
  }),
  integer: (type) => ({
    derive: (where) => numberFor(topicOf(where), type, where.index),
    plain: () => least(type),
    misfit: () => 'many',
    ...ordered(() => {
      const { low, high } = rangeOf(type)
      return low < high ? [low, low + 1] : undefined
    }),
  }),
  number: (type) => ({
    derive: (where) => numberFor(topicOf(where), type, where.index),
    plain: () => least(type),
    misfit: () => 'many',
    ...ordered(() => {
      const { low, high } = rangeOf(type)
      const middle = low / 2 + high / 2
      return low < high ? [low, middle > low ? middle : high] : undefined
    }),
  }),
  boolean: () => ({
    derive: (where) =>
      where.field.unique ? where.index % 2 === 1 : switchFor({ ...where, topic: topicOf(where) }),
    plain: () => true,
    misfit: () => 'perhaps',
    orderedPair: () => undefined,
    distinctPair: () => [true, false],
  }),
  date: () => ({
    derive: (where) => dayFor({ ...where, topic: topicOf(where) }),
    plain: () => '2026-05-31',
    misfit: () => '2026-02-30',
    ...ordered(() => ['2026-01-09', '2026-01-10']),
  }),
  datetime: () => ({
    derive: (where) => instantFor({ ...where, topic: topicOf(where) }),
    plain: () => '2026-05-31T09:00:00Z',
    misfit: () => 'yesterday',
    // As text the first is greater: only a sort by the instant gets this right.
    ...ordered(() => ['2026-01-01T01:00:00+02:00', '2026-01-01T00:00:00Z']),
  }),
  email: () => ({
    derive: ({ index }) => `${['ada', 'grace', 'alan'][index] ?? `person${index}`}@example.com`,
    plain: () => 'ada@example.com',
    misfit: () => 'not an address',
    ...ordered(() => ['a@example.com', 'b@example.com']),
  }),
  url: () => ({
    derive: ({ entityName, index }) => `https://example.com/${wordsOf(entityName).join('-')}/${index + 1}`,
    plain: () => 'https://example.com/1',
    misfit: () => 'not a link',
    ...ordered(() => ['https://a.example.com/', 'https://b.example.com/']),
  }),
  uuid: () => ({
    derive: (where) => stableUuid(`${topicOf(where)} ${where.index}`),
    plain: () => '00000000-0000-4000-8000-000000000000',
    misfit: () => 'not an id',
    ...unordered,
  }),
  enum: ({ values }) => ({
    derive: ({ field, index }) => {
      const usual = field.unique ? values : valuesInUse(values)
      return usual[index % usual.length] ?? ''
    },
    plain: () => values[0] ?? '',
    misfit: () => (values.includes('none of these') ? 42 : 'none of these'),
    orderedPair: () => undefined,
    distinctPair: () => {
      const [first, second] = values
      return first !== undefined && second !== undefined ? [second, first] : undefined
    },
  }),
  json: ({ shape }) => ({
    derive: (_where, sampleOf) => sampleOf({ ...shape, nullable: false }) ?? {},
    plain: () => ({}),
    misfit: () => (['array', 'any'].includes(shape.kind) ? 42 : [42]),
    ...unordered,
  }),
}

export const fieldSample = lookUpKind(KINDS)
