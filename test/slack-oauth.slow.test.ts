import { readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { thisMachine } from '#lib/machine'
import { describe, expect, it, vi } from 'vitest'
import { startFakeSlack } from '../bots/slack/testing/fake-slack.ts'
import { command, revoked, uninstalled } from '../bots/testing/slack/payloads.ts'
import {
  CLIENT,
  SIGNING_SECRET,
  post as sign,
  startSlackWorld,
  type Grant,
} from '../bots/testing/slack/slack-world.ts'
import { startService } from '../service.ts'
import { post, temporaryFolder, view } from './support/service.ts'

const PATIENCE = { timeout: 240_000, interval: 50 }
const STORE_KEY = 'k'.repeat(32)

/** The service as an app that any workspace can install. */
async function openApp(env: Record<string, string> = {}) {
  await using stack = new AsyncDisposableStack()
  const slack = stack.use(await startFakeSlack())
  const world = stack.use(await startSlackWorld({ behind: slack.url }))
  const data = stack.use(await temporaryFolder('slack-oauth'))
  const machine = thisMachine(process, tmpdir())
  const service = stack.use(
    await startService({
      bots: true,
      machine: {
        ...machine,
        env: {
          PATH: machine.env['PATH'],
          PORT: '0',
          DATA_DIR: data.path,
          LOG_LEVEL: 'silent',
          SLACK_API_URL: world.apiUrl,
          SLACK_PLAN: 'never',
          SLACK_PORT: '0',
          SLACK_SIGNING_SECRET: SIGNING_SECRET,
          SLACK_CLIENT_ID: CLIENT.id,
          SLACK_CLIENT_SECRET: CLIENT.secret,
          SLACK_STATE_SECRET: 's'.repeat(32),
          SLACK_STORE_KEY: STORE_KEY,
          ...env,
        },
      },
    }),
  )
  const address = /at (http\S+),/.exec(service.banner.find((line) => /Slack +on/.test(line))!)![1]!
  const { origin } = new URL(address)
  let codes = 0
  const owned = stack.move()
  return {
    slack,
    world,
    url: service.url,
    banner: service.banner,
    send: (payload: Record<string, unknown>, kind: 'command' | 'event' = 'command') =>
      sign(address, payload, { kind }),
    installed: async () => (await readdir(join(data.path, 'slack')).catch(() => [])).sort(),
    /** What a browser does: to Slack's page with a state, and back with it and a code. */
    async install(grant: Grant, spoil: (back: { state: string; cookie: string }) => object = () => ({})) {
      const begun = await fetch(`${origin}/slack/install`, { redirect: 'manual' })
      const state = new URL(begun.headers.get('location')!).searchParams.get('state')!
      const cookie = begun.headers.get('set-cookie')!.split(';')[0]!
      const code = `code-${++codes}`
      world.grants.set(code, grant)
      const back = { code, state, cookie, ...spoil({ state, cookie }) }
      const query = new URLSearchParams({ code: back.code, state: back.state })
      const answer = await fetch(`${origin}/slack/oauth_redirect?${query}`, {
        headers: { cookie: back.cookie },
      })
      return { status: answer.status, page: await answer.text(), authorize: begun.headers.get('location')! }
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

const T2: Grant = { teamId: 'T2', token: 'xoxb-of-t2' }
const T3: Grant = { teamId: 'T3', token: 'xoxb-of-t3' }

describe('an app for many workspaces', () => {
  it('serves each with its own token, from installation to removal', { timeout: 720_000 }, async () => {
    await using app = await openApp()
    const { world, slack, send } = app
    const { status, authorize } = await app.install(T2)
    expect(status).toBe(200)
    const scopes = new URL(authorize).searchParams.get('scope')?.split(',')
    expect(scopes).toEqual(expect.arrayContaining(['commands', 'chat:write']))
    expect((await app.install(T3)).status).toBe(200)
    expect(await app.installed()).toEqual(['T2.json', 'T3.json'])

    const asks = async (team: string, nth = 1) => {
      const user = `U${team}`
      await send(command('a todo app', { team, user, channel: `C${team}` }))
      return vi.waitFor(async () => {
        const answer = await fetch(`${app.url}/jobs?requester=slack:${team}:${user}`)
        const { jobs } = (await answer.json()) as { jobs: { jobId: string }[] }
        expect(jobs).toHaveLength(nth)
        return jobs[0]!.jobId
      }, PATIENCE)
    }
    const jobs = [await asks('T2'), await asks('T3')]
    for (const jobId of jobs)
      await vi.waitFor(async () => {
        const job = await view(app.url, jobId)
        expect(job.delivery).toMatchObject({ state: 'delivered', place: 'thread', archive: 'upload' })
      }, PATIENCE)
    // Whatever was said in a channel of a workspace was said with the token of that workspace.
    const spoke = world.calls.filter(({ params }) =>
      /^CT\d$/.test(params['channel'] ?? params['channel_id'] ?? ''),
    )
    expect(spoke.length).toBeGreaterThan(10)
    for (const { params, token } of spoke)
      expect(token).toBe((params['channel'] ?? params['channel_id']) === 'CT2' ? T2.token : T3.token)
    expect(slack.problems).toEqual([])

    // A late word about an installation before this one changes nothing.
    await send(uninstalled('T2', Date.now() - 3_600_000), 'event')
    await send(uninstalled('T3', Date.now() + 1_000), 'event')
    await vi.waitFor(async () => expect(await app.installed()).toEqual(['T2.json']), PATIENCE)
    const before = world.calls.length
    await send(command('a todo app', { team: 'T3', user: 'UT3' }))
    const orphan = await post(app.url, {
      prompt: 'a todo app',
      origin: { kind: 'slack', teamId: 'T3', channelId: 'CT3', userId: 'UT3', threadTs: null },
    })
    await vi.waitFor(async () => {
      const { delivery } = await view(app.url, orphan)
      expect(delivery).toMatchObject({ state: 'undeliverable', reason: 'app_removed' })
    }, PATIENCE)
    expect(world.calls.slice(before).filter(({ token }) => token === T3.token)).toEqual([])

    // A token that dies in the middle of a conversation: first Slack refuses it, and then it says why.
    slack.inject('chat.postMessage', { kind: 'error', error: 'token_revoked' }, 1_000, 1)
    const root = slack.messages.length
    const dying = await asks('T2', 2)
    await vi.waitFor(async () => {
      expect(slack.messages.length).toBe(root + 1)
      expect(await view(app.url, dying)).toMatchObject({ state: 'completed' })
    }, PATIENCE)
    // A person's token is none of ours.
    await send(revoked('T2', { oauth: ['UT2'], bot: [] }), 'event')
    await send(revoked('T2', { oauth: [], bot: ['UBOT'] }), 'event')
    await vi.waitFor(async () => expect(await app.installed()).toEqual([]), PATIENCE)
    await vi.waitFor(async () => {
      const { delivery } = await view(app.url, dying)
      expect(delivery).toMatchObject({ state: 'undeliverable', reason: 'app_removed' })
    }, PATIENCE)
    expect(slack.messages.length).toBe(root + 1)
  })

  it(
    'takes no installation that was not begun here, is not allowed, or would run out',
    { timeout: 240_000 },
    async () => {
      await using app = await openApp({ SLACK_ALLOWED_TEAMS: 'T2' })
      const refused = [
        await app.install(T2, () => ({ cookie: '' })),
        await app.install(T2, () => ({ state: 'forged', cookie: 'slack-app-oauth-state=forged' })),
        await app.install(T2, () => ({ code: 'guessed' })),
        await app.install(T3),
        await app.install({ ...T2, expiresIn: 43_200 }),
      ]
      for (const { status, page } of refused) {
        expect(status).toBeGreaterThanOrEqual(400)
        expect(page).not.toContain('xoxb')
      }
      expect(await app.installed()).toEqual([])
      expect((await app.install(T2)).status).toBe(200)
      expect(await app.installed()).toEqual(['T2.json'])
    },
  )
})
