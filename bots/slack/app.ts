import { App, type Authorize, type Receiver } from '@slack/bolt'
import type { Logger } from '#lib/log'
import { answer, text } from '../answer.ts'
import { COMMAND_NAME } from '../commands.ts'
import { makeBoltLog } from './bolt-log.ts'
import type { SlackContext } from './context.ts'
import type { Workspaces } from './workspaces.ts'
import { HomeOpened, Removed } from './heard.ts'
import { MODAL_ID } from './modal.ts'
import { REFINE_ID } from './refine-modal.ts'
import { onCommand } from './on-command.ts'
import { onMessage } from './on-message.ts'
import { PRESSES, onPress } from './on-press.ts'
import { onSubmit, readSubmission } from './on-submit.ts'
import { reasonOf, withoutSecrets } from './reason.ts'
import type { Target } from './reply.ts'
import { whoOfHome } from './who.ts'

const FAILED = answer([
  text(
    'Something went wrong on our side. Try again, and tell whoever runs this app if it stays; the log says what it was.',
  ),
])

/**
 * Everything that Slack sends, wired to what is done about it. Deliveries are acknowledged before anything else: what
 * follows takes its time. `idle` resolves when nothing is being worked on.
 */
export function makeSlackApp(deps: {
  readonly receiver: Receiver
  /** Absent where the receiver installs the app too: it then knows the tokens. */
  readonly authorize?: Authorize<boolean>
  readonly workspaces: Workspaces
  readonly log: Logger
}): { readonly app: App; idle(): Promise<void> } {
  const { receiver, authorize, workspaces, log } = deps
  const app = new App({
    receiver,
    logger: makeBoltLog(log),
    ...(authorize && { authorize }),
    // What was said before is not remembered here.
    convoStore: false,
  })

  const working = new Set<Promise<void>>()
  /** Does the work apart from the delivery; whoever waits for an answer hears of it when it fails. */
  const work = (
    name: string,
    bolt: { readonly teamId?: string },
    target: Target | null,
    task: (context: SlackContext) => Promise<void>,
  ): void => {
    const done = handle(bolt.teamId)
      .catch((error: unknown) => log.error(described(error), 'a delivery from Slack could not be handled'))
      .finally(() => working.delete(done))
    working.add(done)

    async function handle(teamId: string | undefined): Promise<void> {
      const context = await workspaces.of(teamId)
      // Removed between the authorization and now.
      if (context === null) return
      try {
        await task(context)
      } catch (error) {
        log.error({ ...described(error), delivery: name }, 'a delivery from Slack could not be handled')
        if (target) await context.tell(target, FAILED)
      }
    }
  }

  app.command(COMMAND_NAME, async ({ ack, body, context: bolt }) => {
    await ack()
    work('command', bolt, targetOf(body), (context) => onCommand(context, body))
  })

  app.action(PRESSES, async ({ ack, body, context: bolt }) => {
    await ack()
    work('press', bolt, targetOf(body), (context) => onPress(context, body))
  })

  app.view(new RegExp(`^(${MODAL_ID}|${REFINE_ID})$`), async ({ ack, body, context: bolt }) => {
    const filled = readSubmission(body)
    if (!filled.ok) return ack({ response_action: 'errors', errors: filled.errors })
    await ack()
    work('submission', bolt, targetOf({ ...body, ...filled.metadata }), (context) =>
      onSubmit(context, body, filled),
    )
  })

  app.event('app_mention', async ({ body, context: bolt }) =>
    work('mention', bolt, targetOf(body), (context) => onMessage(context, body)),
  )

  app.event('message', async ({ body, event, context: bolt }) => {
    // Elsewhere the bot hears only what it is mentioned in.
    if (event.channel_type !== 'im') return
    work('message', bolt, 'bot_id' in event ? null : targetOf(body), (context) => onMessage(context, body))
  })

  app.event('app_home_opened', async ({ body, context: bolt }) => {
    const heard = HomeOpened.parse(body)
    if (heard.event.tab !== 'home') return
    const { user: userId } = heard.event
    const target: Target = { userId, channelId: null, threadTs: null, responseUrl: null }
    work('home', bolt, null, async (context) => {
      const { allowedUsers } = context.config
      if (allowedUsers.length > 0 && !allowedUsers.includes(userId)) return
      if (await context.admits(whoOfHome(heard), target, { anywhere: true }))
        await context.showHome(userId, null)
    })
  })

  for (const name of ['app_uninstalled', 'tokens_revoked'] as const) {
    app.event(name, async ({ body }) => {
      const { team_id: teamId, event_time: at, event } = Removed.parse(body)
      // A person's token is none of ours.
      if (name === 'tokens_revoked' && (event.tokens?.bot ?? []).length === 0) return
      await workspaces.removed(teamId, new Date(at * 1000))
    })
  }

  app.error(async (error) => log.error(described(error), 'a delivery from Slack could not be read'))

  return {
    app,
    async idle() {
      while (working.size > 0) await Promise.allSettled(working)
    },
  }
}

/** An error that was not foreseen: with its stack, without what it may hold of a delivery. */
const described = (error: unknown) => ({
  reason: reasonOf(error),
  stack: withoutSecrets(error instanceof Error ? (error.stack ?? '') : ''),
})

/** As much of where somebody asked as can be made out of any delivery. */
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
  }
}
