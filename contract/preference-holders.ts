import { z } from 'zod'
import { requesterOf, type Origin } from './origin.ts'

const SLACK = '[A-Z0-9]{1,30}'
const DISCORD = String.raw`\d{1,20}`

export const HOLDER_KINDS = ['channel', 'workspace', 'person'] as const
export type HolderKind = (typeof HOLDER_KINDS)[number]

/** Whose preferences: `channel:slack:T1:C1`, `workspace:discord:123`, `person:slack:T1:U1`. */
export const PreferenceHolder = z
  .string()
  .regex(
    new RegExp(
      `^(?:channel:(?:slack:${SLACK}:${SLACK}|discord:${DISCORD}:${DISCORD})|workspace:(?:slack:${SLACK}|discord:${DISCORD})|person:(?:slack:${SLACK}:${SLACK}|discord:${DISCORD}))$`,
    ),
  )
export type PreferenceHolder = z.infer<typeof PreferenceHolder>

export const kindOfHolder = (holder: PreferenceHolder): HolderKind =>
  HOLDER_KINDS.find((kind) => holder.startsWith(`${kind}:`))!

export type Holders = Readonly<Record<HolderKind, PreferenceHolder | null>>

/** Whose preferences apply to a request. Direct messages belong to no channel, and other origins to nobody. */
export function holdersOf(origin: Origin): Holders {
  const requester = requesterOf(origin)
  const person = requester === null ? null : `person:${requester}`
  switch (origin.kind) {
    case 'rest':
    case 'cli':
      return { channel: null, workspace: null, person }
    case 'slack': {
      const { teamId, channelId } = origin
      const channel = channelId.startsWith('D') ? null : `channel:slack:${teamId}:${channelId}`
      return { channel, workspace: `workspace:slack:${teamId}`, person }
    }
    case 'discord': {
      const { guildId, channelId } = origin
      if (guildId === null) return { channel: null, workspace: null, person }
      return {
        channel: `channel:discord:${guildId}:${channelId}`,
        workspace: `workspace:discord:${guildId}`,
        person,
      }
    }
  }
}

/** A person in a chat, as `requesterOf` names them. */
export const RequesterKey = z.string().regex(new RegExp(`^(?:slack:${SLACK}:${SLACK}|discord:${DISCORD})$`))
