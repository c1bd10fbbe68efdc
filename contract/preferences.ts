import { z } from 'zod'
import { PreferenceHolder, RequesterKey, type HolderKind } from './preference-holders.ts'
import { PlanMode } from './plan.ts'

/*
 * What a channel, a server or workspace, and a person prefer. Every preference is one entry of `PREFERENCES`: its values,
 * its name for people and how a form asks for it. What is resolved, stored, shown and asked for follows from the table.
 */

export const ModelName = z.string().regex(/^[\w.:/@-]{1,100}$/)

export const MAX_HOUSE_RULES = 2_000

/** An amount in US dollars, to the cent. */
const Dollars = z
  .number()
  .min(0.01)
  .max(1_000_000)
  .refine((usd) => Math.abs(usd * 100 - Math.round(usd * 100)) < 1e-6, 'An amount has at most two decimals.')

const HouseRuleWords = z
  .string()
  .trim()
  .min(1)
  .max(MAX_HOUSE_RULES)
  .refine((words) => words.isWellFormed(), 'House rules must be valid Unicode.')

/** How a form asks for a preference. */
export type PreferenceInput =
  | {
      readonly kind: 'choice'
      readonly choices: readonly { readonly value: string; readonly label: string }[]
    }
  /** One of the models that the installation allows. */
  | { readonly kind: 'model' }
  | { readonly kind: 'dollars' }
  | { readonly kind: 'words'; readonly max: number }

type Definition = {
  readonly value: z.ZodType<string | number>
  /** As people read it: "Plan: always". */
  readonly label: string
  readonly hint: string
  /** A place is a channel, or a server or workspace. */
  readonly setBy: 'place' | 'person'
  /** Of limits the lowest counts, so that a channel cannot lift that of its workspace. */
  readonly isLimit?: true
  readonly input: PreferenceInput
}

export const PREFERENCES = {
  plan: {
    value: PlanMode,
    label: 'Plan',
    hint: 'Whether a plan is shown before anything is built.',
    setBy: 'place',
    input: {
      kind: 'choice',
      choices: [
        { value: 'auto', label: 'when it helps' },
        { value: 'always', label: 'always' },
        { value: 'never', label: 'never' },
      ],
    },
  },
  model: {
    value: ModelName,
    label: 'Model',
    hint: 'The model that designs and writes.',
    setBy: 'place',
    input: { kind: 'model' },
  },
  verbosity: {
    value: z.enum(['brief', 'normal']),
    label: 'Messages',
    hint: 'Brief ones leave out the stages of the card; they stay behind Details.',
    setBy: 'place',
    input: {
      kind: 'choice',
      choices: [
        { value: 'brief', label: 'brief' },
        { value: 'normal', label: 'normal' },
      ],
    },
  },
  jobCostUsd: {
    value: Dollars,
    label: 'Cost limit of a job',
    hint: 'In US dollars, such as 2.50. Empty is no limit of its own.',
    setBy: 'place',
    isLimit: true,
    input: { kind: 'dollars' },
  },
  monthCostUsd: {
    value: Dollars,
    label: 'Cost limit of a month',
    hint: 'In US dollars, such as 50. Months start at 00:00 UTC.',
    setBy: 'place',
    isLimit: true,
    input: { kind: 'dollars' },
  },
  houseRules: {
    value: HouseRuleWords,
    label: 'House rules',
    hint: 'One rule a line. They go into every design; a request wins where they conflict.',
    setBy: 'place',
    input: { kind: 'words', max: MAX_HOUSE_RULES },
  },
  mention: {
    value: z.enum(['always', 'never']),
    label: 'Mention me',
    hint: 'Whether the result mentions you.',
    setBy: 'person',
    input: {
      kind: 'choice',
      choices: [
        { value: 'always', label: 'always' },
        { value: 'never', label: 'never' },
      ],
    },
  },
  delivery: {
    value: z.enum(['thread', 'direct']),
    label: 'Deliver to',
    hint: 'Where the card and the result of a new backend go.',
    setBy: 'person',
    input: {
      kind: 'choice',
      choices: [
        { value: 'thread', label: 'the thread' },
        { value: 'direct', label: 'my direct messages' },
      ],
    },
  },
} as const satisfies Readonly<Record<string, Definition>>

export type PreferenceName = keyof typeof PREFERENCES
export const PREFERENCE_NAMES = Object.keys(PREFERENCES) as PreferenceName[]

/** The definition of a preference, without the types of its own values. */
export const definitionOf = (name: PreferenceName): Definition => PREFERENCES[name]

type Optional = { [Name in PreferenceName]: z.ZodOptional<(typeof PREFERENCES)[Name]['value']> }
type Nullable = {
  [Name in PreferenceName]: z.ZodOptional<z.ZodNullable<(typeof PREFERENCES)[Name]['value']>>
}

const shapeOf = <T>(toSchema: (name: PreferenceName) => z.ZodType): T =>
  Object.fromEntries(PREFERENCE_NAMES.map((name) => [name, toSchema(name)])) as T

/** What is set; an absent one is left to the next layer. */
export const Preferences = z.object(shapeOf<Optional>((name) => definitionOf(name).value.optional()))
export type Preferences = z.infer<typeof Preferences>

/** Changes: null clears a preference, and an absent one stays as it is. */
export const PreferenceChanges = z.strictObject(
  shapeOf<Nullable>((name) => definitionOf(name).value.nullable().optional()),
)
export type PreferenceChanges = z.infer<typeof PreferenceChanges>

/** The names that a holder of this kind can set, in the order of the table. */
export const namesFor = (kind: HolderKind): PreferenceName[] =>
  PREFERENCE_NAMES.filter((name) => (definitionOf(name).setBy === 'person') === (kind === 'person'))

/** The preferences of one holder, with who set them last. */
export const StoredPreferences = z.object({
  preferences: Preferences,
  /** ISO 8601. */
  updatedAt: z.string(),
  /** A requester (`slack:T1:U1`) or an API key (`key:ops`); null without keys. */
  updatedBy: z.string().nullable(),
})
export type StoredPreferences = z.infer<typeof StoredPreferences>

/** The body of `PATCH /preferences/:holder`. */
export const PreferencesRequest = z.strictObject({
  preferences: PreferenceChanges,
  /** The person in a chat who makes the change. */
  by: RequesterKey.optional(),
})
export type PreferencesRequest = z.infer<typeof PreferencesRequest>

/** The response of `GET` and `PATCH /preferences/:holder`. */
export const PreferencesView = z.object({
  holder: PreferenceHolder,
  preferences: Preferences,
  /** ISO 8601; null where nothing was ever set. */
  updatedAt: z.string().nullable(),
  updatedBy: z.string().nullable(),
  /** The models that may be chosen. */
  models: z.array(z.string()),
  /** What jobs have cost in this month; null for people. */
  spent: z
    .object({
      /** `2026-11`; months start at 00:00 UTC. */
      month: z.string(),
      usd: z.number().nonnegative(),
      /** Whether a job's cost is unknown, so that the sum is too low. */
      isIncomplete: z.boolean(),
    })
    .nullable(),
})
export type PreferencesView = z.infer<typeof PreferencesView>

/** "when it helps", "$2.50". Words are not repeated. */
export function describePreference(name: PreferenceName, value: string | number): string {
  const { input } = definitionOf(name)
  switch (input.kind) {
    case 'choice':
      return input.choices.find((choice) => choice.value === value)?.label ?? String(value)
    case 'dollars':
      return `$${Number(value).toFixed(2)}`
    case 'model':
      return String(value)
    case 'words':
      return 'set'
  }
}
