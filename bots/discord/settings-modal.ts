import {
  ComponentType,
  TextInputStyle,
  type APIModalInteractionResponseCallbackComponent,
  type APIModalInteractionResponseCallbackData,
} from 'discord.js'
import { PreferenceHolder, type PreferencesView } from '#contract'
import {
  readSettings,
  settingsFields,
  titleOfForm,
  type SettingsField,
  type SettingsForm,
  type SettingsSubmission,
} from '../core/settings/settings-form.ts'
import { truncate } from '../core/truncate.ts'
import { customId } from './custom-id.ts'
import { LIMITS } from './limits.ts'
import type { ModalSubmission } from './payloads.ts'

/** The form for settings. Discord takes at most five fields. Pure. */
export const settingsModal = (
  view: PreferencesView,
  form: SettingsForm,
): APIModalInteractionResponseCallbackData => ({
  custom_id: customId(form, view.holder),
  title: titleOfForm(form),
  components: settingsFields(view, form).map(toLabel),
})

function toLabel(field: SettingsField): APIModalInteractionResponseCallbackComponent {
  const { name, label, hint } = field
  return {
    type: ComponentType.Label,
    label: truncate(label, LIMITS.modal.label),
    description: truncate(hint, LIMITS.modal.description),
    component:
      field.kind === 'choice'
        ? {
            type: ComponentType.StringSelect,
            custom_id: name,
            required: false,
            options: field.choices.map(({ value, label: text }) => ({
              label: truncate(text, LIMITS.modal.optionLabel),
              value,
              default: value === field.value,
            })),
          }
        : {
            type: ComponentType.TextInput,
            custom_id: name,
            style: field.kind === 'words' ? TextInputStyle.Paragraph : TextInputStyle.Short,
            required: false,
            max_length: field.max,
            ...(field.value !== '' && { value: field.value }),
          },
  }
}

/** Null where the form names no settings. */
export function readSettingsForm(
  { data }: ModalSubmission,
  { form, holder }: { readonly form: SettingsForm; readonly holder: string },
): (SettingsSubmission & { readonly holder: PreferenceHolder }) | null {
  const known = PreferenceHolder.safeParse(holder)
  if (!known.success) return null
  const given = new Map(
    data.components.flatMap((part) =>
      'component' in part
        ? [[part.component.custom_id, part.component.value ?? part.component.values?.[0] ?? null] as const]
        : [],
    ),
  )
  return { ...readSettings(known.data, form, (name) => given.get(name)), holder: known.data }
}
