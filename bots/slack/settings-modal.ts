import { PreferenceHolder, type PreferencesView } from '#contract'
import type { types } from '@slack/bolt'
import { z } from 'zod'
import {
  readSettings,
  SETTINGS_FORMS,
  settingsFields,
  titleOfForm,
  type SettingsField,
  type SettingsForm,
} from '../core/settings/settings-form.ts'
import { runInBackground } from '../core/handler-result.ts'
import type { PlatformPayload } from '../core/payloads.ts'
import { interactionActor } from './actor.ts'
import type { SlackDestination } from './destination.ts'
import { scopeOfChannel, type SlackInbound } from './inbound.ts'
import { LIMITS } from './limits.ts'
import { ViewSubmission } from './payloads.ts'
import type { Target } from './send-reply.ts'
import { truncate } from '../core/truncate.ts'

export const SETTINGS_ID = 'settings'

/** Stored in the form: whose settings, and how to reply there. */
const Metadata = z.object({
  holder: PreferenceHolder,
  form: z.enum(SETTINGS_FORMS),
  channelId: z.string().nullable(),
  threadTs: z.string().nullable(),
  responseUrl: z.string().nullable(),
})

/** The form for settings. Pure. */
export const settingsView = (
  view: PreferencesView,
  form: SettingsForm,
  { channelId, threadTs, responseUrl }: Pick<Target, 'channelId' | 'threadTs' | 'responseUrl'>,
): types.ModalView => ({
  type: 'modal',
  callback_id: SETTINGS_ID,
  private_metadata: JSON.stringify({ holder: view.holder, form, channelId, threadTs, responseUrl }),
  title: plain(titleOfForm(form)),
  submit: plain('Save'),
  close: plain('Close'),
  blocks: settingsFields(view, form).map(toBlock),
})

function toBlock(field: SettingsField): types.InputBlock {
  const { name, label, hint } = field
  const block = {
    type: 'input' as const,
    block_id: name,
    optional: true,
    label: plain(label),
    hint: plain(hint),
  }
  if (field.kind === 'choice') {
    const options = field.choices.map(({ value, label: text }) => ({
      text: plain(truncate(text, LIMITS.option.text)),
      value,
    }))
    const chosen = options.find(({ value }) => value === field.value) ?? options[0]!
    return {
      ...block,
      element: { type: 'static_select', action_id: 'value', options, initial_option: chosen },
    }
  }
  return {
    ...block,
    element: {
      type: 'plain_text_input',
      action_id: 'value',
      multiline: field.kind === 'words',
      max_length: field.max,
      ...(field.value !== '' && { initial_value: field.value }),
    },
  }
}

const Value = z.object({
  value: z.object({
    value: z.string().nullish(),
    selected_option: z.object({ value: z.string() }).nullish(),
  }),
})

/** Reads a submitted form: what to do after the acknowledgement, or errors by block ID. */
export function readSettingsView(body: unknown) {
  const submission = ViewSubmission.parse(body)
  const { private_metadata: kept, state } = submission.view
  const metadata = Metadata.parse(JSON.parse(kept))
  const { holder, form, channelId, threadTs, responseUrl } = metadata
  const read = readSettings(holder, form, (name) => {
    const given = state.values[name]
    if (given === undefined) return undefined
    const { value } = Value.parse(given)
    return value.selected_option?.value ?? value.value ?? null
  })
  if (!read.ok) return read
  const { changes } = read
  const userId = submission.user.id
  const target: Target = { userId, channelId, threadTs, responseUrl, home: channelId === null }
  return {
    ok: true as const,
    target,
    toPayload(slack: SlackInbound): PlatformPayload<Target, SlackDestination> {
      const caller = slack.callerOf(userId)
      return {
        kind: 'platform',
        actor: interactionActor(submission, slack.identity),
        caller,
        scope: scopeOfChannel(channelId),
        target,
        thread: null,
        handle: () =>
          runInBackground(async () =>
            slack.reply(target, await slack.jobCommands.settings.change(caller, { holder, changes })),
          ),
      }
    },
  }
}

const plain = (text: string): types.PlainTextElement => ({ type: 'plain_text', text })
