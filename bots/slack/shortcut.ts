import { FILE_PROMPT, NOTHING_IN_MESSAGE } from '../core/messages.ts'
import { replyWith } from '../core/handler-result.ts'
import type { CommandPayload, PlatformPayload } from '../core/payloads.ts'
import { interactionActor } from './actor.ts'
import type { SlackDestination } from './destination.ts'
import { scopeOfChannel, type SlackInbound } from './inbound.ts'
import { MessageShortcut } from './payloads.ts'
import type { Target } from './send-reply.ts'
import { typedText } from './unescape.ts'

/** The callback ID of “Build a backend from this”, as in the manifest. */
export const SHORTCUT_ID = 'build_from_message'

/** “Build a backend from this” in the menu of a message: its text is the description, and the job replies in its thread. */
export function shortcutPayload(
  slack: SlackInbound,
  body: unknown,
): CommandPayload<Target, SlackDestination> | PlatformPayload<Target, SlackDestination> {
  const shortcut = MessageShortcut.parse(body)
  const { user, channel, message, trigger_id: triggerId, response_url: responseUrl = null } = shortcut
  const { id: channelId } = channel
  const threadTs = message.thread_ts ?? message.ts
  const common = {
    actor: interactionActor(shortcut, slack.identity),
    caller: slack.callerOf(user.id),
    scope: scopeOfChannel(channelId),
    target: { userId: user.id, channelId, threadTs, responseUrl, home: false },
    thread: null,
  }
  const prompt = typedText(message.text, slack.identity.userId)
  const file = message.files?.[0] ?? null
  if (prompt === '' && file === null)
    return { ...common, kind: 'platform', handle: () => replyWith(NOTHING_IN_MESSAGE) }
  return {
    ...common,
    kind: 'command',
    command: { kind: 'generate', prompt: prompt || FILE_PROMPT },
    options: {},
    file,
    destination: { channelId, threadTs, joined: false },
    key: `slack:trigger:${triggerId}`,
  }
}
