import { App, type Authorize, type Receiver } from '@slack/bolt'
import type { Logger } from '#lib/log'
import { COMMAND_NAME } from '../core/commands.ts'
import { makeBoltLog } from './bolt-log.ts'
import type { SlackInbound } from './inbound.ts'
import { checkAllowList } from '../core/allow-list.ts'
import { handle } from '../core/handle.ts'
import { FAILED } from '../core/messages.ts'
import { onReaction } from '../core/on-reaction.ts'
import { onMessage } from '../core/on-message.ts'
import { applyResult } from './apply-result.ts'
import { readSubmission } from './form.ts'
import type { Workspaces } from './workspaces.ts'
import { AppHomeOpened, AppRemoved } from './payloads.ts'
import { MODAL_ID } from './modal.ts'
import { PLAN_ID } from './plan-modal.ts'
import { REFINE_ID } from './refine-modal.ts'
import { errorSummary, redactSecrets } from './error-summary.ts'
import { reactionPayload } from './reaction.ts'
import { SHORTCUT_ID, shortcutPayload } from './shortcut.ts'
import type { Target } from './send-reply.ts'
import { readSettingsView, SETTINGS_ID } from './settings-modal.ts'
import {
  BUTTONS,
  buttonPayload,
  commandPayload,
  messagePayload,
  planPayload,
  submitPayload,
} from './to-payload.ts'
import { homeActor } from './actor.ts'

/**
 * Wires Slack events to their handlers. Events are acknowledged first and handled in the background. `idle` resolves when
 * no handler is running.
 */
export function makeSlackApp(deps: {
  readonly receiver: Receiver
  /** Omitted when the receiver also installs the app, since it then has the tokens. */
  readonly authorize?: Authorize<boolean>
  readonly workspaces: Workspaces
  readonly log: Logger
}): { readonly app: App; idle(): Promise<void> } {
  const { receiver, authorize, workspaces, log } = deps
  const app = new App({
    receiver,
    logger: makeBoltLog(log),
    ...(authorize && { authorize }),
    // No conversation state is stored.
    convoStore: false,
  })

  const running = new Set<Promise<void>>()
  /** Runs a handler after the acknowledgement. If it fails, the user gets an error reply. */
  const handleInBackground = (
    name: string,
    bolt: { readonly teamId?: string },
    target: Target | null,
    task: (slack: SlackInbound) => Promise<void>,
  ): void => {
    const done = attempt(bolt.teamId)
      .catch((error: unknown) => log.error(errorFields(error), 'Slack event failed'))
      .finally(() => running.delete(done))
    running.add(done)

    async function attempt(teamId: string | undefined): Promise<void> {
      const slack = await workspaces.of(teamId)
      // Uninstalled since the authorization.
      if (slack === null) return
      try {
        await task(slack)
      } catch (error) {
        log.error({ ...errorFields(error), delivery: name }, 'Slack event failed')
        if (target) await slack.reply(target, FAILED)
      }
    }
  }

  app.command(COMMAND_NAME, async ({ ack, body, context: bolt }) => {
    await ack()
    handleInBackground('command', bolt, targetOf(body), async (slack) => {
      const { payload, trigger } = commandPayload(slack, body)
      await applyResult(slack, handle(slack, payload), payload.target, trigger)
    })
  })

  app.action(BUTTONS, async ({ ack, body, context: bolt }) => {
    await ack()
    handleInBackground('button', bolt, targetOf(body), async (slack) => {
      const { payload, trigger } = buttonPayload(slack, body)
      await applyResult(slack, handle(slack, payload), payload.target, trigger)
    })
  })

  app.view(new RegExp(`^(${MODAL_ID}|${REFINE_ID}|${PLAN_ID})$`), async ({ ack, body, context: bolt }) => {
    const filled = readSubmission(body)
    if (!filled.ok) return ack({ response_action: 'errors', errors: filled.errors })
    await ack()
    handleInBackground('submission', bolt, targetOf({ ...body, ...filled.metadata }), async (slack) => {
      const payload =
        'change' in filled ? planPayload(slack, body, filled) : submitPayload(slack, body, filled)
      await applyResult(slack, handle(slack, payload), payload.target, null)
    })
  })

  app.view(SETTINGS_ID, async ({ ack, body, context: bolt }) => {
    const filled = readSettingsView(body)
    if (!filled.ok) return ack({ response_action: 'errors', errors: { ...filled.errors } })
    await ack()
    handleInBackground('settings', bolt, filled.target, async (slack) => {
      await applyResult(slack, handle(slack, filled.toPayload(slack)), filled.target, null)
    })
  })

  app.shortcut({ type: 'message_action', callback_id: SHORTCUT_ID }, async ({ ack, body, context: bolt }) => {
    await ack()
    handleInBackground('shortcut', bolt, targetOf(body), async (slack) => {
      const payload = shortcutPayload(slack, body)
      await applyResult(slack, handle(slack, payload), payload.target, null)
    })
  })

  app.event('reaction_added', async ({ body, context: bolt }) =>
    handleInBackground('reaction', bolt, null, async (slack) => {
      const reaction = reactionPayload(slack, body)
      if (reaction !== null) await onReaction(slack, reaction)
    }),
  )

  app.event('app_mention', async ({ body, context: bolt }) =>
    handleInBackground('mention', bolt, targetOf(body), (slack) => receive(slack, body)),
  )

  app.event('message', async ({ body, event, context: bolt }) => {
    // In channels, the bot responds only to mentions.
    if (event.channel_type !== 'im') return
    handleInBackground('message', bolt, 'bot_id' in event ? null : targetOf(body), (slack) =>
      receive(slack, body),
    )
  })

  app.event('app_home_opened', async ({ body, context: bolt }) => {
    const opened = AppHomeOpened.parse(body)
    if (opened.event.tab !== 'home') return
    const { user: userId } = opened.event
    const target: Target = { userId, channelId: null, threadTs: null, responseUrl: null, home: false }
    handleInBackground('home', bolt, null, async (slack) => {
      const { users } = slack.allowList
      if (users.length > 0 && !users.includes(userId)) return
      const scope = { server: null, channel: null }
      const denial = checkAllowList(slack, { actor: homeActor(opened), scope })
      if (denial !== null) return applyResult(slack, denial, target, null)
      await slack.showHome(userId, null)
    })
  })

  for (const name of ['app_uninstalled', 'tokens_revoked'] as const) {
    app.event(name, async ({ body }) => {
      const { team_id: teamId, event_time: at, event } = AppRemoved.parse(body)
      // Only revoked bot tokens matter.
      if (name === 'tokens_revoked' && (event.tokens?.bot ?? []).length === 0) return
      await workspaces.removed(teamId, new Date(at * 1000))
    })
  }

  app.error(async (error) => log.error(errorFields(error), 'Slack event could not be parsed'))

  return {
    app,
    async idle() {
      while (running.size > 0) await Promise.allSettled(running)
    },
  }
}

async function receive(slack: SlackInbound, body: unknown): Promise<void> {
  const message = messagePayload(slack, body)
  if (message !== null) await onMessage(slack, message)
}

/** Log fields of an unexpected error: its stack, without secrets from the event. */
const errorFields = (error: unknown) => ({
  reason: errorSummary(error),
  stack: redactSecrets(error instanceof Error ? (error.stack ?? '') : ''),
})

/** The reply target of any event, as far as its fields allow. */
function targetOf(body: object): Target | null {
  const parts = body as Record<string, unknown>
  const event = (parts['event'] ?? {}) as Record<string, unknown>
  const idOf = (value: unknown): string | null =>
    typeof value === 'string'
      ? value
      : value && typeof value === 'object' && 'id' in value
        ? String(value.id)
        : null
  const userId = idOf(parts['user_id']) ?? idOf(parts['user']) ?? idOf(event['user'])
  if (userId === null) return null
  return {
    userId,
    channelId:
      idOf(parts['channel_id']) ??
      idOf(parts['channel']) ??
      idOf(parts['channelId']) ??
      idOf(event['channel']),
    threadTs: typeof event['thread_ts'] === 'string' ? event['thread_ts'] : null,
    responseUrl: idOf(parts['response_url']) ?? idOf(parts['responseUrl']),
    home: false,
  }
}
