import { describe, expect, it } from 'vitest'
import { readApiConfig } from '../config.ts'
import { testApp } from '../testing/app.ts'
import type { ScriptStep } from '../testing/scripted.ts'

const config = readApiConfig({ WEBHOOK_SECRET: 'w'.repeat(32), WEBHOOK_ALLOWED_HOSTS: 'hooks.internal' })
const origin = { kind: 'slack', teamId: 'T1', channelId: 'C1', userId: 'U1', threadTs: null }

async function ask(body: object, steps: ScriptStep[] = [], settings = config) {
  await using test = await testApp(steps, { config: settings })
  const payload = { prompt: 'a todo app', ...body }
  const reply = await test.app.inject({ method: 'POST', url: '/generate-backend', payload })
  return { status: reply.statusCode, error: reply.json().error }
}

describe('callbackUrl', () => {
  it.each(['https://ci.example.com/hook?token=1', 'http://hooks.internal/'])(
    'is kept with the job: %s',
    async (url) => {
      const submit: ScriptStep = {
        'jobs.submit': async (record) => {
          expect(record.callbackUrl).toBe(url)
          return { jobId: record.jobId, created: true }
        },
      }
      expect((await ask({ callbackUrl: url }, [submit])).status).toBe(202)
    },
  )

  it.each([
    ['http://ci.example.com/', 'callbackUrl must begin with https://.'],
    ['https://169.254.169.254/latest', 'callbackUrl points to a private network.'],
    ['https://a:b@ci.example.com/', 'callbackUrl must not contain a user name or password'],
    ['hook', 'callbackUrl must be a URL'],
  ])('is refused before anything is queued: %s', async (callbackUrl, message) => {
    const { status, error } = await ask({ callbackUrl })
    expect(status).toBe(400)
    expect(error).toMatchObject({
      code: 'callback_not_possible',
      message: expect.stringContaining(message),
      details: [{ path: 'callbackUrl' }],
    })
  })

  it('is rejected for a chat, which is notified anyway', async () => {
    const { status, error } = await ask({ callbackUrl: 'https://ci.example.com/', origin })
    expect([status, error.message]).toEqual([400, expect.stringContaining('the chat is notified')])
  })

  it('is refused where nothing could be signed, and says what is missing', async () => {
    const { status, error } = await ask({ callbackUrl: 'https://ci.example.com/' }, [], readApiConfig({}))
    expect([status, error.message]).toEqual([400, expect.stringContaining('must set WEBHOOK_SECRET')])
  })

  it.each([[7], [''], ['x'.repeat(2_001)], [null]])(
    'is refused where it is no text of its size',
    async (callbackUrl) => {
      expect((await ask({ callbackUrl })).error.code).toBe('invalid_request')
    },
  )
})
