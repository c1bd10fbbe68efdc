import { WebClient } from '@slack/web-api'
import { pino } from 'pino'
import { describe, expect, it } from 'vitest'
import { BOT_TOKEN, startSlackWorld } from '../testing/slack/slack-world.ts'
import { makeAdmins } from './admins.ts'

const CHANNEL = 'channel:slack:T1:C1'
const WORKSPACE = 'workspace:slack:T1'

async function open() {
  const world = await startSlackWorld()
  const web = new WebClient(BOT_TOKEN, { slackApiUrl: world.apiUrl, retryConfig: { retries: 0 } })
  const config = { admins: ['UADMIN'], adminGroups: [] }
  const admins = makeAdmins({ web, config, log: pino({ level: 'silent' }), teamId: 'T1' })
  return { world, admins, [Symbol.asyncDispose]: () => world[Symbol.asyncDispose]() }
}

describe('who may change settings in Slack', () => {
  it.each([
    ['an admin of the app', 'UADMIN', {}, [true, true]],
    ['an admin of the workspace', 'U5', { is_admin: true }, [true, true]],
    ['its owner', 'U5', { is_owner: true }, [true, true]],
    ['the creator of the channel', 'UCREATOR', {}, [true, false]],
    ['a member', 'U5', {}, [false, false]],
    ['an admin of another workspace', 'U5', { is_admin: true, team_id: 'T2' }, [false, false]],
    ['an admin who left', 'U5', { is_admin: true, deleted: true }, [false, false]],
  ])('%s', async (_, user, person, expected) => {
    await using test = await open()
    test.world.people.set('U5', person)
    test.world.creators.set('C1', 'UCREATOR')
    const may = async (holder: string) => (await test.admins.configureRefusal(user, holder)) === null
    expect([await may(CHANNEL), await may(WORKSPACE)]).toEqual(expected)
  })

  it('is nobody where the app may not know', async () => {
    await using test = await open()
    test.world.faults.set('users.info', 'missing_scope')
    test.world.faults.set('conversations.info', 'missing_scope')
    expect(await test.admins.configureRefusal('U5', CHANNEL)).toBe(
      'Only the creator of the channel and admins of the workspace can change its settings.',
    )
    expect(await test.admins.configureRefusal('U5', WORKSPACE)).toBe(
      'Only admins and owners of the workspace can change its settings.',
    )
  })

  it('is nobody for another workspace or person', async () => {
    await using test = await open()
    for (const holder of [
      'channel:slack:T2:C1',
      'workspace:slack:T2',
      'workspace:discord:1',
      'person:slack:T1:U6',
    ])
      expect(await test.admins.configureRefusal('UADMIN', holder)).not.toBeNull()
    expect(await test.admins.configureRefusal('U6', 'person:slack:T1:U6')).toBeNull()
  })
})
