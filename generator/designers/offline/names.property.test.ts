import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { wordsOf } from '../../blueprint/words.ts'
import { runs } from '../../../test/support/random.ts'
import { DesignError } from './design-error.ts'
import { designOffline } from './design-offline.ts'
import { isVerbBefore, VERBS } from './lexicon/verbs.ts'

/** Whatever people and rows a sentence speaks of: no part of the sentence becomes a name. */

const PEOPLE = [
  'members',
  'managers',
  'citizens',
  'judges',
  'beekeepers',
  'volunteers',
  'we',
  'I',
  'users',
  'the crews',
]
const ROWS = [
  'match results',
  'tasting notes',
  'potholes',
  'hives',
  'keys',
  'samples',
  'reports',
  'orders',
  'lost items',
  'permits',
]
const ONE = ['court', 'daughter', 'hive', 'key', 'freezer', 'report', 'choir', 'order']
const VERB = [
  'add',
  'record',
  'approve',
  'reject',
  'collect',
  'organise',
  'take',
  'bring',
  'book',
  'write',
  'report',
  'submit',
  'list',
  'own',
  'track',
]
const FIELD = [
  'score',
  'price',
  'date',
  'name',
  'colour',
  'rating out of 10',
  'start time',
  'weight in kg',
  'status',
]

const FRAMES = [
  '{people} {verb} {rows}.',
  '{people} {verb} or {verb} the {one} with a {field}.',
  '{people} {verb} and {verb} {rows} ({field}, {field}).',
  'I {verb} {rows} with a {field} and a {field}.',
  "Our {one}'s {one} needs something to {verb} {rows}: {field}, {field}.",
  'Give me the total per {field} and {one}.',
  'Every {one} has a {field} and opens one or more {rows}.',
  'Backend for a club: {rows}, {rows}, and a ladder where {people} {verb} each other and {verb} {rows} ({field}, {field}).',
  'An API to {verb} {rows} and {verb} {rows}.',
  'API for {rows} with {field}, {field}, and {people} who {verb} them.',
  "I'd like to {verb} {rows}: {field}, {field}.",
  "Somebody should {verb} my {one}'s {rows}.",
  '{rows} have a {field}, a {field} and {verb} {rows}.',
  'Each {one} {verb}s {rows} from a {field} to a {field}.',
  '- {verb} {rows}\n- {verb} their {rows}',
  'They want to {verb} everything about {rows}, something to {verb} and {rows}.',
  'The {one} must {verb} {rows}, and whoever {verb}s it pays.',
]

const sentence = fc
  .tuple(fc.constantFrom(...FRAMES), fc.array(fc.nat(), { minLength: 12, maxLength: 12 }))
  .map(([frame, picks]) => {
    let at = 0
    const kinds: Record<string, readonly string[]> = {
      people: PEOPLE,
      rows: ROWS,
      one: ONE,
      verb: VERB,
      field: FIELD,
    }
    return frame.replace(/\{(\w+)\}/g, (_, kind: string) => {
      const words = kinds[kind]!
      return words[picks[at++]! % words.length]!
    })
  })

/** Words of sentences; prepositions may stand within a field: `weight in kg`. */
const FUNCTION_WORDS = new Set(
  'a an the and or to with from that this it its i we you they he she them their there not no never each every something somebody someone everything whoever who whom which whose where when how my our your his her me us must shall should would will if because into onto about'.split(
    ' ',
  ),
)

function namesOf(prompt: string): string[] {
  try {
    const { entities } = designOffline({ prompt }).blueprint
    return entities.flatMap(({ name, fields, belongsTo }) => [
      name,
      ...fields.map((field) => field.name),
      ...belongsTo.map((relation) => relation.name),
    ])
  } catch (error) {
    if (error instanceof DesignError) return []
    throw error
  }
}

function isName(name: string): boolean {
  const [first, ...rest] = wordsOf(name)
  return (
    !VERBS.has(first!) &&
    !(rest.length > 0 && isVerbBefore(first!, rest.length > 1 ? '' : rest[0]!)) &&
    ![first!, ...rest].some((word) => FUNCTION_WORDS.has(word))
  )
}

describe('a name', () => {
  it('begins with no verb and holds no word of a sentence', () => {
    const prompt = fc.array(sentence, { minLength: 1, maxLength: 3 }).map((parts) => parts.join(' '))
    fc.assert(
      fc.property(prompt, (text) => {
        expect(namesOf(text).filter((name) => !isName(name))).toEqual([])
      }),
      { numRuns: runs(300) },
    )
  })
})
