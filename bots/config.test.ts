import { describe, expect, it } from 'vitest'
import { readBotsConfig } from './config.ts'

const tokens = { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: 'xapp-1' }

describe('the settings of the bots', () => {
  it('turn Slack off when nothing is set', () => {
    expect(readBotsConfig({})).toEqual({
      apiUrl: undefined,
      apiKey: undefined,
      log: { level: 'info', prompts: false },
      slack: null,
      discord: null,
    })
  })

  it('turn Slack off with only a bot token, which is all that a delivering worker needs', () => {
    expect(readBotsConfig({ SLACK_BOT_TOKEN: 'xoxb-1' }).slack).toBeNull()
  })

  it('choose Socket Mode when there is an app token', () => {
    expect(readBotsConfig({ ...tokens, SLACK_SIGNING_SECRET: 'a'.repeat(32) }).slack?.receive).toEqual({
      mode: 'socket',
      appToken: 'xapp-1',
    })
  })

  it('choose HTTP when there is only a signing secret', () => {
    const env = { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_SIGNING_SECRET: 'a'.repeat(32), SLACK_PORT: '4000' }
    expect(readBotsConfig(env).slack?.receive).toEqual({
      mode: 'http',
      signingSecret: 'a'.repeat(32),
      host: '127.0.0.1',
      port: 4000,
    })
  })

  it('read lists with commas or spaces', () => {
    const env = {
      ...tokens,
      SLACK_ADMINS: 'U1, W2',
      SLACK_ADMIN_GROUPS: 'S1',
      SLACK_ALLOWED_CHANNELS: 'C1 G2,dm',
    }
    expect(readBotsConfig(env).slack).toMatchObject({
      admins: ['U1', 'W2'],
      adminGroups: ['S1'],
      allowedChannels: ['C1', 'G2', 'dm'],
      allowedUsers: [],
      apiUrl: 'https://slack.com/api/',
    })
  })

  const many = {
    SLACK_CLIENT_ID: '1.2',
    SLACK_CLIENT_SECRET: 'secret',
    SLACK_STATE_SECRET: 's'.repeat(32),
    SLACK_STORE_KEY: `${'n'.repeat(32)},${'o'.repeat(32)}`,
    SLACK_SIGNING_SECRET: 'a'.repeat(32),
  }

  it('choose many workspaces, over HTTP, when there is a client id', () => {
    const env = { ...many, DATA_DIR: '/data', SLACK_ALLOWED_TEAMS: 'T1,T2' }
    expect(readBotsConfig(env).slack).toMatchObject({
      receive: { mode: 'http' },
      workspaces: {
        kind: 'many',
        clientId: '1.2',
        store: { dir: '/data/slack', keys: ['n'.repeat(32), 'o'.repeat(32)] },
        allowedTeams: ['T1', 'T2'],
      },
    })
  })

  it('store installations in the configured folder, even when jobs are in a bucket', () => {
    const env = { ...many, STORE_URL: 's3://backends', SLACK_STORE_DIR: '/shared/slack' }
    expect(readBotsConfig(env).slack).toMatchObject({ workspaces: { store: { dir: '/shared/slack' } } })
  })

  it.each([
    [
      { ...many, SLACK_STORE_KEY: '', SLACK_CLIENT_SECRET: '' },
      'but not SLACK_CLIENT_SECRET, SLACK_STORE_KEY.',
    ],
    [{ ...many, SLACK_BOT_TOKEN: 'xoxb-1' }, 'set either'],
    [
      { ...many, STORE_URL: 's3://backends/production' },
      'STORE_URL is a bucket, but Slack installations are stored in a folder, which other machines cannot read: set SLACK_STORE_DIR',
    ],
    [{ SLACK_APP_TOKEN: 'xapp-1' }, 'SLACK_BOT_TOKEN is not set'],
    [{ ...tokens, SLACK_BOT_TOKEN: 'xapp-secret' }, 'SLACK_BOT_TOKEN has an invalid value'],
    [{ ...tokens, SLACK_ADMINS: '@ann' }, 'SLACK_ADMINS is "@ann", but it must be ids of users'],
    [{ ...tokens, SLACK_ALLOWED_CHANNELS: '#general' }, 'SLACK_ALLOWED_CHANNELS is "#general"'],
    [{ API_URL: 'localhost:8080' }, 'API_URL is "localhost:8080"'],
  ])('are rejected with a message: %j', (env, message) => {
    expect(() => readBotsConfig(env)).toThrow(message)
    expect(() => readBotsConfig(env)).not.toThrow('xapp-secret')
  })
})
