import { describe, expect, it } from 'vitest'
import { PermissionFlagsBits } from 'discord.js'
import { callerOf, type DiscordActor } from './actor.ts'

const { Administrator, ManageChannels, ManageGuild, ManageThreads } = PermissionFlagsBits
const CHANNEL = 'channel:discord:1:2'
const SERVER = 'workspace:discord:1'

const caller = (over: Partial<DiscordActor>) =>
  callerOf(
    {
      userId: '3',
      external: false,
      isBot: false,
      guildId: '1',
      channelId: '2',
      roles: [],
      permissions: 0n,
      ...over,
    },
    { admins: ['9'], adminRoles: ['7'], refineBy: 'requester' },
  )

describe('who may change settings in Discord', () => {
  it.each<[string, Partial<DiscordActor>, [boolean, boolean]]>([
    ['Manage Channels', { permissions: ManageChannels }, [true, false]],
    ['Manage Server', { permissions: ManageGuild }, [true, true]],
    ['Administrator', { permissions: Administrator }, [true, true]],
    ['Manage Threads', { permissions: ManageThreads }, [false, false]],
    ['a role of admins of the app, which manages jobs', { roles: ['7'] }, [false, false]],
    ['unknown permissions, as in messages', { permissions: null }, [false, false]],
    ['an admin of the app', { userId: '9' }, [true, true]],
    ['Manage Channels in another channel', { permissions: ManageChannels, channelId: '5' }, [false, false]],
    ['Administrator of another server', { permissions: Administrator, guildId: '4' }, [false, false]],
    ['direct messages', { permissions: Administrator, guildId: null }, [false, false]],
  ])('%s', async (_, actor, expected) => {
    const may = async (holder: string) => (await caller(actor).configureRefusal(holder)) === null
    expect([await may(CHANNEL), await may(SERVER)]).toEqual(expected)
  })

  it('everybody their own', async () => {
    expect(await caller({}).configureRefusal('person:discord:3')).toBeNull()
    expect(await caller({ userId: '9' }).configureRefusal('person:discord:3')).not.toBeNull()
  })
})
