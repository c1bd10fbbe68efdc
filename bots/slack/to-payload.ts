import { parseCommand } from '../core/commands.ts'
import type {
  ButtonPayload,
  CommandPayload,
  MessagePayload,
  PlanPayload,
  PlatformPayload,
  SubmitPayload,
} from '../core/payloads.ts'
import { REQUEST_ACTIONS } from '../core/reply.ts'
import { runInBackground } from '../core/handler-result.ts'
import { scopeOfChannel, type SlackInbound } from './inbound.ts'
import { fromButtonValue } from './button-value.ts'
import type { SlackDestination } from './destination.ts'
import { BlockAction, Message, SlashCommand, ViewSubmission } from './payloads.ts'
import type { FormSubmission } from './modal.ts'
import type { PlanSubmission } from './plan-modal.ts'
import type { Target } from './send-reply.ts'
import { typedText, unescape } from './unescape.ts'
import { commandActor, messageActor, interactionActor } from './actor.ts'

/** The action IDs of all buttons. */
export const BUTTONS = new RegExp(
  `^(cancel_job|retry_job|refine_job|job_details|previous_page|next_page|approve_plan|change_plan|answer_plan|${REQUEST_ACTIONS.join('|')}|change_settings|change_house_rules|new_backend|refresh_home|home_settings)(\\.\\d+)?$`,
)

/** What is needed to open a form in response to an event. */
export type Trigger = {
  readonly id: string
  readonly responseUrl: string | null
  /** The modal in which a button was pressed. */
  readonly modalId: string | null
}

/** `/generate-backend …`. Slash commands cannot be used in threads. */
export function commandPayload(
  slack: SlackInbound,
  body: unknown,
): { payload: CommandPayload<Target, SlackDestination>; trigger: Trigger } {
  const command = SlashCommand.parse(body)
  const { user_id: userId, channel_id: channelId, trigger_id: triggerId } = command
  const responseUrl = command.response_url ?? null
  return {
    trigger: { id: triggerId, responseUrl, modalId: null },
    payload: {
      kind: 'command',
      actor: commandActor(command, slack.identity),
      caller: slack.callerOf(userId),
      scope: scopeOfChannel(channelId),
      target: { userId, channelId, threadTs: null, responseUrl, home: false },
      thread: null,
      command: parseCommand(unescape(command.text)),
      options: {},
      file: null,
      destination: { channelId, threadTs: null, joined: false },
      key: `slack:trigger:${triggerId}`,
    },
  }
}

/** A mention or a direct message. Null for messages that are not new user text, such as edits and joins. */
export function messagePayload(
  slack: SlackInbound,
  body: unknown,
): MessagePayload<Target, SlackDestination> | null {
  const message = Message.parse(body)
  const { event } = message
  if (event.subtype != null && event.subtype !== 'file_share' && event.subtype !== 'thread_broadcast')
    return null
  const actor = messageActor(message, slack.identity)
  if (actor === null) return null
  const { userId } = actor
  const { channel: channelId, ts, thread_ts: threadTs } = event
  const inThread = threadTs != null && threadTs !== ts
  const thread: SlackDestination = { channelId, threadTs: threadTs ?? ts, joined: true }
  return {
    actor,
    caller: slack.callerOf(userId),
    scope: scopeOfChannel(channelId),
    target: { userId, channelId, threadTs: inThread ? threadTs : null, responseUrl: null, home: false },
    thread,
    destination: thread,
    inThread,
    repliedJob: null,
    text: typedText(event.text, slack.identity.userId),
    files: event.files ?? [],
    shared: (event.attachments ?? [])
      .filter((one) => one.is_share === true || one.is_msg_unfurl === true)
      .map((one) => ({
        text: typedText(one.text ?? '', slack.identity.userId),
        files: one.files ?? [],
      })),
    // An edited mention arrives as a new event; as the same message it starts nothing again.
    key: `slack:message:${channelId}:${ts}`,
    isEdited: event.edited != null,
  }
}

export function buttonPayload(
  slack: SlackInbound,
  body: unknown,
): {
  payload: ButtonPayload<Target, SlackDestination> | PlatformPayload<Target, SlackDestination>
  trigger: Trigger
} {
  const press = BlockAction.parse(body)
  const userId = press.user.id
  const { action_id: actionId, value } = press.actions[0]!
  // Several buttons of one message have one action: what follows tells them apart.
  const [action = ''] = actionId.split('.')
  const threadTs = press.container.thread_ts ?? press.message?.thread_ts ?? null
  const channelId = press.channel?.id ?? null
  const responseUrl = press.response_url ?? null
  const modalId = press.view?.type === 'modal' ? press.view.id : null
  const destination = channelId === null ? null : { channelId, threadTs, joined: false }
  const common = {
    actor: interactionActor(press, slack.identity),
    caller: slack.callerOf(userId),
    scope: { server: null, channel: null },
    target: {
      userId,
      channelId,
      threadTs,
      responseUrl,
      home: press.container.type === 'view' && modalId === null,
    },
    thread: threadTs === null ? null : destination,
  }
  const trigger = { id: press.trigger_id, responseUrl, modalId }
  switch (action) {
    case 'refresh_home': {
      const refresh = () => slack.showHome(userId, null)
      return { trigger, payload: { ...common, kind: 'platform', handle: () => runInBackground(refresh) } }
    }
    case 'home_settings': {
      const person = `slack:${slack.identity.teamId}:${userId}`
      const holders = {
        channel: null,
        workspace: `workspace:slack:${slack.identity.teamId}`,
        person: `person:${person}`,
      }
      const show = async () => {
        const of = value === 'workspace' ? 'workspace' : 'person'
        await slack.reply(common.target, await slack.jobCommands.settings.show(common.caller, holders, of))
      }
      return { trigger, payload: { ...common, kind: 'platform', handle: () => runInBackground(show) } }
    }
    case 'new_backend': {
      const form = { refines: null, destination: null, initial: null }
      return { trigger, payload: { ...common, kind: 'platform', handle: () => ({ kind: 'form', form }) } }
    }
    default: {
      const request = fromButtonValue(value)
      return {
        trigger,
        payload: { ...common, kind: 'button', action, jobId: value ?? '', destination, request },
      }
    }
  }
}

/** Submitted changes to a plan. */
export function planPayload(
  slack: SlackInbound,
  body: unknown,
  { change, metadata }: Extract<PlanSubmission, { ok: true }>,
): PlanPayload<Target, SlackDestination> {
  const submission = ViewSubmission.parse(body)
  const userId = submission.user.id
  const { channelId, threadTs, responseUrl, refines, planVersion } = metadata
  return {
    kind: 'plan',
    actor: interactionActor(submission, slack.identity),
    caller: slack.callerOf(userId),
    scope: scopeOfChannel(channelId),
    target: { userId, channelId, threadTs, responseUrl, home: false },
    thread: null,
    jobId: refines ?? '',
    version: planVersion ?? 0,
    change,
    key: `slack:view:${submission.view.id}`,
  }
}

/** A submitted form. */
export function submitPayload(
  slack: SlackInbound,
  body: unknown,
  { request, metadata }: Extract<FormSubmission, { ok: true }>,
): SubmitPayload<Target, SlackDestination> {
  const submission = ViewSubmission.parse(body)
  const userId = submission.user.id
  const { channelId, threadTs, responseUrl } = metadata
  return {
    kind: 'submit',
    actor: interactionActor(submission, slack.identity),
    caller: slack.callerOf(userId),
    scope: scopeOfChannel(channelId),
    target: { userId, channelId, threadTs, responseUrl, home: false },
    thread: null,
    request: { ...request, key: `slack:view:${submission.view.id}` },
  }
}
