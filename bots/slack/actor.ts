import type {
  AppHomeOpened,
  BlockAction,
  Message,
  MessageShortcut,
  SlashCommand,
  ViewSubmission,
} from './payloads.ts'
import type { z } from 'zod'
import type { Actor } from '../core/payloads.ts'

/** The app in its workspace, from `auth.test`. */
export type Identity = {
  readonly teamId: string
  /** The Enterprise Grid organization, whose other workspaces are not external. */
  readonly enterpriseId: string | null
  readonly userId: string
  readonly botId: string | null
  readonly workspace: string
}

export function commandActor(command: z.infer<typeof SlashCommand>, identity: Identity): Actor {
  const { user_id: userId, team_id, enterprise_id } = command
  return {
    userId,
    external: !isOwnOrganization([team_id], enterprise_id, identity),
    isBot: isBotUser(userId),
  }
}

export function interactionActor(
  press: z.infer<typeof BlockAction | typeof ViewSubmission | typeof MessageShortcut>,
  identity: Identity,
): Actor {
  const { user, team, enterprise } = press
  const from = user.team_id ?? team?.id
  return {
    userId: user.id,
    external: !isOwnOrganization([from], enterprise?.id, identity),
    isBot: isBotUser(user.id),
  }
}

export function messageActor({ event, ...envelope }: Message, identity: Identity): Actor | null {
  if (event.user === undefined) return null
  const { team, user_team, source_team, user_profile, bot_id, workflow_id, subtype } = event
  const teams = [team, user_team, source_team, user_profile?.team].filter((id) => id != null)
  // In a channel shared with other organizations, a sender of unknown origin counts as external.
  const unknown = teams.length === 0 && envelope.is_ext_shared_channel === true
  return {
    userId: event.user,
    external:
      user_profile?.is_stranger === true ||
      unknown ||
      !isOwnOrganization(teams, envelope.enterprise_id, identity),
    isBot: bot_id != null || workflow_id != null || subtype === 'bot_message' || isBotUser(event.user),
  }
}

export const homeActor = ({ event }: z.infer<typeof AppHomeOpened>): Actor => ({
  userId: event.user,
  // App Home exists only in the workspace where the app is installed.
  external: false,
  isBot: isBotUser(event.user),
})

/** Whether all teams are the app's own workspace or in the same Enterprise Grid. */
function isOwnOrganization(
  teams: readonly (string | null | undefined)[],
  enterpriseId: string | null | undefined,
  identity: Identity,
): boolean {
  const sameGrid = identity.enterpriseId !== null && enterpriseId === identity.enterpriseId
  return teams.every((id) => id == null || id === identity.teamId || id === identity.enterpriseId || sameGrid)
}

export const isBotUser = (userId: string): boolean => userId === 'USLACKBOT'
