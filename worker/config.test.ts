import { describe, expect, test } from 'vitest'
import { readWorkerConfig } from './config.ts'

const token = 'xoxb-1'

describe('the roles of a worker', () => {
  test('are both by default; without a token it notifies no chat', () => {
    expect(readWorkerConfig({})).toMatchObject({ generates: true, deliver: null })
    const both = readWorkerConfig({ SLACK_BOT_TOKEN: token, PUBLIC_URL: 'https://a.example/' })
    expect(both).toMatchObject({
      generates: true,
      deliver: { concurrency: 100, publicUrl: 'https://a.example' },
    })
    const settings = { tokens: { kind: 'one', token }, apiUrl: undefined }
    expect(both.deliver?.chats).toEqual([{ kind: 'slack', name: 'Slack', settings }])
  })

  test('keep the token from a process that runs generated code alone, and do not even look at it', () => {
    const config = readWorkerConfig({ WORKER_ROLES: 'generate', SLACK_BOT_TOKEN: 'nonsense' })
    expect(config.deliver).toBeNull()
    expect(JSON.stringify(config)).not.toContain('nonsense')
  })

  test('require a notification target', () => {
    expect(() => readWorkerConfig({ WORKER_ROLES: 'deliver' })).toThrow('set SLACK_BOT_TOKEN')
    expect(() =>
      readWorkerConfig({
        WORKER_ROLES: 'deliver',
        SLACK_STORE_KEY: 'k'.repeat(32),
        STORE_URL: 's3://backends/production',
      }),
    ).toThrow('set SLACK_STORE_DIR to a folder that the bots and every worker that delivers share')
    expect(
      readWorkerConfig({ WORKER_ROLES: 'deliver', WEBHOOK_SECRET: 'w'.repeat(32) }).deliver,
    ).not.toBeNull()
    expect(readWorkerConfig({ WORKER_ROLES: 'deliver', SLACK_BOT_TOKEN: token }).generates).toBe(false)
  })

  test('are refused with a token of another kind, without repeating it', () => {
    const reading = () => readWorkerConfig({ SLACK_BOT_TOKEN: 'xapp-secret' })
    expect(reading).toThrow('xoxb-')
    expect(reading).not.toThrow('secret')
  })

  test('give the address of Slack its closing slash', () => {
    const { deliver } = readWorkerConfig({ SLACK_BOT_TOKEN: token, SLACK_API_URL: 'http://127.0.0.1:1/api' })
    expect(deliver?.chats[0]?.settings).toMatchObject({ apiUrl: 'http://127.0.0.1:1/api/' })
  })
})
