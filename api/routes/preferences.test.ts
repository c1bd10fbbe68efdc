import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PreferencesView } from '#contract'
import { KINDS, openHarness } from '#queue/testing/harness'
import { testApp } from '../testing/app.ts'

const CHANNEL = 'channel:slack:T1:C1'

let api: Awaited<ReturnType<typeof openApi>>
beforeAll(async () => {
  api = await openApi()
})
afterAll(() => api[Symbol.asyncDispose]())

async function openApi() {
  await using stack = new AsyncDisposableStack()
  const { jobs, store } = stack.use(await openHarness(KINDS[0]))
  const lines: string[] = []
  const { app } = stack.use(await testApp([], { jobs, store, log: lines }))
  const owned = stack.move()
  return {
    lines,
    async ask(method: 'GET' | 'PATCH', holder: string, payload?: unknown) {
      const reply = await app.inject({
        method,
        url: `/preferences/${holder}`,
        ...(payload !== undefined && { payload: payload as object }),
      })
      return { status: reply.statusCode, body: reply.json() }
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

describe('preferences over REST', () => {
  it('are empty at first, change in part, and are cleared by null', async () => {
    const empty = await api.ask('GET', CHANNEL)
    expect(PreferencesView.parse(empty.body)).toEqual({
      holder: CHANNEL,
      preferences: {},
      updatedAt: null,
      updatedBy: null,
      models: [],
      spent: { month: new Date().toISOString().slice(0, 7), usd: 0, isIncomplete: false },
    })
    await api.ask('PATCH', CHANNEL, { preferences: { plan: 'always', jobCostUsd: 2.5 }, by: 'slack:T1:U9' })
    await api.ask('PATCH', CHANNEL, { preferences: { plan: null, houseRules: ' Page every list. ' } })
    const { body } = await api.ask('GET', CHANNEL)
    expect(body).toMatchObject({
      preferences: { jobCostUsd: 2.5, houseRules: 'Page every list.' },
      updatedBy: null,
    })
    expect(Object.keys(body.preferences)).not.toContain('plan')
  })

  it('belong to people and to places', async () => {
    expect(await api.ask('PATCH', CHANNEL, { preferences: { mention: 'never' } })).toMatchObject({
      status: 400,
      body: { error: { code: 'preference_not_here', details: [{ path: 'preferences.mention' }] } },
    })
    const person = 'person:discord:42'
    expect(await api.ask('PATCH', person, { preferences: { delivery: 'direct' } })).toMatchObject({
      status: 200,
      body: { spent: null, preferences: { delivery: 'direct' } },
    })
    expect((await api.ask('PATCH', person, { preferences: { plan: 'never' } })).status).toBe(400)
  })

  it.each([
    ['an unknown name', { preferences: { database: 'postgres' } }],
    ['a value that is none', { preferences: { plan: 'sometimes' } }],
    ['an amount of nothing', { preferences: { monthCostUsd: 0 } }],
    ['a negative amount', { preferences: { jobCostUsd: -1 } }],
    ['parts of a cent', { preferences: { jobCostUsd: 1.005 } }],
    ['house rules without words', { preferences: { houseRules: ' \n ' } }],
    ['house rules that are too long', { preferences: { houseRules: 'a'.repeat(2_001) } }],
    ['half a character', { preferences: { houseRules: '\ud83d' } }],
    ['a changer who is no person', { preferences: {}, by: 'ops' }],
    ['a model that is not allowed', { preferences: { model: 'gpt-x' } }],
  ])('refuse %s', async (_, payload) => {
    const { status, body } = await api.ask('PATCH', CHANNEL, payload)
    expect([status, body.error.message]).toEqual([400, expect.stringMatching(/\S/)])
  })

  it.each(['channel:slack:T1', 'everyone', 'person:slack:T1:..%2f..', 'channel:discord:1:2:3'])(
    'are of nobody else: %s',
    async (holder) => {
      expect(await api.ask('GET', holder)).toMatchObject({
        status: 404,
        body: { error: { code: 'holder_not_found' } },
      })
    },
  )

  it('log who changed what, without the words', async () => {
    await api.ask('PATCH', CHANNEL, { preferences: { houseRules: 'A secret rule.' }, by: 'slack:T1:U9' })
    const log = api.lines.join('\n')
    expect(log).toContain('"names":["houseRules"]')
    expect(log).not.toContain('A secret rule')
  })
})
