import {
  definitionOf,
  kindOfHolder,
  namesFor,
  PreferenceChanges,
  type PreferenceHolder,
  type PreferenceName,
  type PreferencesView,
} from '#contract'

/** Forms for settings: their fields follow from the table of preferences. */

/** House rules have a form of their own, since forms of some chats hold five fields. */
export const SETTINGS_FORMS = ['settings', 'house_rules'] as const
export type SettingsForm = (typeof SETTINGS_FORMS)[number]

/** The value of the choice that clears a preference. */
export const NOT_SET = 'not_set'

export type SettingsField = {
  readonly name: PreferenceName
  readonly label: string
  readonly hint: string
} & (
  | {
      readonly kind: 'choice'
      readonly choices: readonly { readonly value: string; readonly label: string }[]
      /** `NOT_SET` where nothing is chosen. */
      readonly value: string
    }
  | { readonly kind: 'line' | 'words'; readonly max: number; readonly value: string }
)

export const titleOfForm = (form: SettingsForm): string => (form === 'settings' ? 'Settings' : 'House rules')

const isIn = (form: SettingsForm, name: PreferenceName) =>
  (definitionOf(name).input.kind === 'words') === (form === 'house_rules')

/** The fields of a form with their current values. A choice of one model is none. */
export function settingsFields(
  { holder, preferences, models }: PreferencesView,
  form: SettingsForm,
): SettingsField[] {
  return namesFor(kindOfHolder(holder))
    .filter((name) => isIn(form, name))
    .flatMap((name): SettingsField[] => {
      const { label, hint, input } = definitionOf(name)
      const value = preferences[name]
      const field = { name, label, hint }
      switch (input.kind) {
        case 'words':
          return [{ ...field, kind: 'words', max: input.max, value: String(value ?? '') }]
        case 'dollars':
          return [
            { ...field, kind: 'line', max: 10, value: value === undefined ? '' : Number(value).toFixed(2) },
          ]
        case 'model':
        case 'choice': {
          const choices =
            input.kind === 'choice' ? input.choices : models.map((model) => ({ value: model, label: model }))
          if (choices.length < 2) return []
          const known = choices.some((choice) => choice.value === value)
          const all = [{ value: NOT_SET, label: 'not set' }, ...choices]
          return [{ ...field, kind: 'choice', choices: all, value: known ? String(value) : NOT_SET }]
        }
      }
    })
}

export type SettingsSubmission =
  | { readonly ok: true; readonly changes: PreferenceChanges }
  /** Messages by the name of the field. */
  | { readonly ok: false; readonly errors: Readonly<Record<string, string>> }

/** Reads a submitted form. A field that it did not have stays as it is. */
export function readSettings(
  holder: PreferenceHolder,
  form: SettingsForm,
  valueOf: (name: PreferenceName) => string | null | undefined,
): SettingsSubmission {
  const changes: Record<string, string | number | null> = {}
  const errors: Record<string, string> = {}
  for (const name of namesFor(kindOfHolder(holder)).filter((one) => isIn(form, one))) {
    const given = valueOf(name)
    if (given === undefined) continue
    const text = given?.trim() ?? ''
    const { input, value } = definitionOf(name)
    if (text === '' || text === NOT_SET) {
      changes[name] = null
      continue
    }
    const read = value.safeParse(input.kind === 'dollars' ? dollarsOf(text) : text)
    if (read.success) changes[name] = read.data
    else errors[name] = PROBLEM[input.kind]
  }
  return Object.keys(errors).length > 0
    ? { ok: false, errors }
    : { ok: true, changes: PreferenceChanges.parse(changes) }
}

const PROBLEM = {
  choice: 'Choose one of the list.',
  model: 'Choose one of the list.',
  dollars: 'An amount in US dollars, such as 2.50.',
  words: 'At most 2,000 characters.',
}

const dollarsOf = (text: string): number =>
  /^\$?\s*\d{1,7}(?:\.\d{1,2})?$/.test(text) ? Number(text.replace(/^\$\s*/, '')) : Number.NaN
