import { randomBytes } from 'node:crypto'
import { expect, it } from 'vitest'
import { startFakeSlack } from '../bots/slack/testing/fake-slack.ts'
import { designOffline } from '../generator/designers/offline/design-offline.ts'
import { toLlm } from '../generator/designers/model/testing/to-llm.ts'
import { startService } from '../generator/llm/testing/service.ts'
import { createKey, formatKey } from '../api/access/keys.ts'
import { startMain, temporaryFolder } from './support/service.ts'
import { makeQueues } from './support/queues.ts'

/**
 * One job from a chat with all secrets set: every log line has its context, and none contains a secret.
 */

type Line = Record<string, unknown> & { level: number; msg?: string }

it('adds job, request and stage to every line, and logs no secret', { timeout: 360_000 }, async () => {
  const secret = (prefix: string) => prefix + randomBytes(24).toString('hex')
  const secrets = {
    OPENAI_API_KEY: secret('sk-'),
    SLACK_BOT_TOKEN: secret('xoxb-'),
    LINK_SECRET: secret('links '.trim()),
  }
  const marker = `marmalade${randomBytes(6).toString('hex')}`
  const queues = makeQueues()
  await using stack = new AsyncDisposableStack()
  stack.defer(queues.remove)
  const openai = stack.use(await startService())
  const design = toLlm(designOffline({ prompt: 'a library with books and authors' }).blueprint)
  openai.mock.onMessage(marker, { error: { message: `busy with ${marker}` }, status: 503 }, {
    times: 1,
  } as never)
  openai.mock.onMessage(marker, { content: JSON.stringify(design) })
  const slack = stack.use(await startFakeSlack())
  slack.inject('chat.postMessage', { kind: 'error', error: 'internal_error' })
  slack.inject('upload', { kind: 'status', status: 500 })
  const { path: dataDir } = stack.use(await temporaryFolder('data'))
  const { key, secret: apiKey } = createKey({ name: 'ops', scopes: ['admin'], expiresAt: null })
  const service = stack.use(
    await startMain({
      dataDir,
      env: {
        ...queues.kinds[0]!.env,
        ...secrets,
        OPENAI_BASE_URL: openai.url,
        REVIEW: '0',
        SLACK_API_URL: slack.url,
        API_KEYS: formatKey(key),
        LOG_LEVEL: 'trace',
      },
    }),
  )
  const headers = {
    authorization: `Bearer ${apiKey}`,
    'content-type': 'application/json',
    'x-request-id': 'req-42',
  }
  const asked = await fetch(`${service.url}/generate-backend`, {
    method: 'POST',
    headers,
    body: JSON.stringify({
      prompt: `shelves for ${marker}`,
      origin: { kind: 'slack', teamId: 'T1', channelId: 'C1', userId: 'U1', threadTs: null },
    }),
  })
  const { jobId } = (await asked.json()) as { jobId: string }
  await expect
    .poll(
      async () => {
        const reply = await fetch(`${service.url}/jobs/${jobId}`, {
          headers: { ...headers, 'x-request-id': 'look' },
        })
        return ((await reply.json()) as { delivery?: { state: string } }).delivery?.state
      },
      { timeout: 240_000, interval: 200 },
    )
    .toBe('delivered')
  // A signed link works, and a forged one is rejected.
  await fetch(`${service.url}/jobs/${jobId}/archive?expires=1893456000&signature=${'s'.repeat(43)}`)
  service.child.kill('SIGTERM')
  expect((await service.exited).code).toBe(0)

  const raw = service.output()
  for (const value of [...Object.values(secrets), apiKey, marker, 's'.repeat(43)])
    expect(raw.includes(value), `the log holds ${value}`).toBe(false)

  const lines = raw
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Line)
  const about = lines.filter((line) => line.jobId === jobId)
  expect(lines.filter((line) => JSON.stringify(line).includes(jobId) && line.jobId !== jobId)).toEqual([])
  // Worker and notifier log the id of the submitting request, not of later ones.
  const worked = about.filter(({ stage }) => stage !== undefined)
  expect(new Set(worked.map(({ requestId }) => requestId))).toEqual(new Set(['req-42']))
  expect(worked.filter(({ level }) => level >= 40).map(({ stage }) => stage)).toEqual(
    expect.arrayContaining(['design', 'deliver']),
  )
  expect(about.find(({ msg }) => msg === 'job queued')).toMatchObject({ requestId: 'req-42' })
  expect(
    about
      .filter(({ msg }) => msg === 'request completed')
      .every(({ requestId }) => typeof requestId === 'string'),
  ).toBe(true)
})
