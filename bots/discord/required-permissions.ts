import { ChannelType, PermissionFlagsBits } from 'discord.js'

type Threads = 'public' | 'private'

/** The permissions that the bot needs where it replies, under the names in Discord's settings. */
const REQUIRED = {
  'View Channel': PermissionFlagsBits.ViewChannel,
  'Send Messages': PermissionFlagsBits.SendMessages,
  'Send Messages in Threads': PermissionFlagsBits.SendMessagesInThreads,
  'Create Public Threads': PermissionFlagsBits.CreatePublicThreads,
  'Create Private Threads': PermissionFlagsBits.CreatePrivateThreads,
  'Attach Files': PermissionFlagsBits.AttachFiles,
  'Read Message History': PermissionFlagsBits.ReadMessageHistory,
} as const
type Name = keyof typeof REQUIRED

const THREADS: ReadonlySet<number> = new Set([
  ChannelType.PublicThread,
  ChannelType.PrivateThread,
  ChannelType.AnnouncementThread,
])
export const isThread = (type: number | undefined): boolean => type !== undefined && THREADS.has(type)

function requiredIn(channelType: number | undefined, threads: Threads): readonly Name[] {
  const always: Name[] = ['View Channel', 'Attach Files', 'Read Message History']
  if (isThread(channelType)) return [...always, 'Send Messages in Threads']
  if (channelType === ChannelType.GuildVoice || channelType === ChannelType.GuildStageVoice)
    return [...always, 'Send Messages']
  const opening: Name = threads === 'public' ? 'Create Public Threads' : 'Create Private Threads'
  return [...always, 'Send Messages', opening, 'Send Messages in Threads']
}

/** The names of missing permissions, in the order of Discord's settings; empty when there are none. */
export function missingPermissions(
  granted: bigint,
  channelType: number | undefined,
  threads: Threads,
): readonly string[] {
  if ((granted & PermissionFlagsBits.Administrator) !== 0n) return []
  const needed = requiredIn(channelType, threads)
  return Object.entries(REQUIRED).flatMap(([name, bit]) =>
    needed.some((one) => one === name) && (granted & bit) === 0n ? [name] : [],
  )
}

/** The permissions requested by the invite link. */
export const invitePermissions = (threads: Threads): bigint =>
  requiredIn(ChannelType.GuildText, threads).reduce((all, name) => all | REQUIRED[name], 0n)
