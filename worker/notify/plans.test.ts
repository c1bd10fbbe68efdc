import { describe, expect, test } from 'vitest'
import type { JobView } from '#contract'
import { planOf } from '#contract/testing/samples'
import { aRecord, eventually } from '#queue/testing/harness'
import { planningRun } from '#queue/testing/planning-run'
import { writePlanDiagram } from '#store/plans'
import { wordsOf } from '../../bots/testing/slack/slack-world.ts'
import { textOf } from '../../bots/testing/discord/open-discord.ts'
import { ZIP } from './testing/conversations.ts'
import { fromDiscord, openDiscordConversations } from './testing/discord-conversations.ts'
import { REQUESTER, fromSlack, openSlackConversations } from './testing/slack-conversations.ts'

const SVG =
  '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><rect width="40" height="20" fill="#fff"/></svg>'

type Opened = Pick<
  Awaited<ReturnType<typeof openSlackConversations>>,
  'jobs' | 'store' | 'queue' | 'startNotifier'
>

/** A job that shows plans with a picture, and is built after an approval. */
async function begin(conversations: Opened, origin: ReturnType<typeof fromSlack>, waitMs?: number) {
  const { jobs, store } = conversations
  conversations.queue(
    planningRun(store, {
      ...(waitMs !== undefined && { waitMs }),
      onRun: async (step, jobId) => {
        if (step.startsWith('plan')) await writePlanDiagram(store, jobId, Number(step.split(' ')[1]), SVG)
        else await store.writeArchive(jobId, 'todo.zip', ZIP)
      },
    }),
  )
  conversations.startNotifier()
  const { jobId } = await jobs.submit(aRecord({ origin }))
  return {
    jobId,
    ended: (): Promise<JobView> =>
      eventually(async () => {
        const view = await jobs.view(jobId)
        return view?.delivery ? view : null
      }, 60_000),
  }
}

describe('a plan in a Slack thread', { timeout: 120_000 }, () => {
  const open = async (waitMs?: number) => {
    const conversations = await openSlackConversations()
    const { slack } = conversations
    const job = await begin(conversations, fromSlack(), waitMs)
    const plan = (version: number) =>
      slack.messages.find(
        ({ metadata }) =>
          (metadata as { event_payload: { part: string } } | undefined)?.event_payload.part ===
          `plan-${version}`,
      )
    const shows = (version: number, words: string) =>
      eventually(() => {
        const message = plan(version)
        return message?.text.includes(words) ? message : null
      }, 60_000)
    return { ...conversations, slack, job, plan, shows }
  }

  test('asks the requester with a picture, and says who approved it', async () => {
    await using test = await open()
    const { slack, job, shows, jobs } = test
    const asked = await shows(1, 'is planned. Build it like this?')
    expect(asked.posted).toContain(REQUESTER)
    expect(asked.blocks).toContainEqual(expect.objectContaining({ type: 'image' }))
    expect(slack.messages).toHaveLength(3)
    await eventually(() => slack.messages[1]?.text.includes('Plan ready, waiting for a decision'))

    const { jobId } = job
    await jobs.decidePlan(jobId, { decision: 'approve', version: 1, origin: fromSlack({ userId: 'U0BOSS' }) })
    const decided = await shows(1, 'was approved by <@U0BOSS>.')
    expect(wordsOf(decided.blocks)).not.toContain('Approve ')
    expect(await job.ended()).toMatchObject({ state: 'completed', delivery: { state: 'delivered' } })
    const { roots, cards, results, pings } = test.seen()
    // The plan and the result each notify, once.
    expect([roots.length, cards.length, results.length, pings.length, slack.messages.length]).toEqual([
      1, 1, 1, 2, 4,
    ])
    expect(slack.problems).toEqual([])
    // A reaction to the plan finds the job.
    const place = `slack:T1:C0ROOM:${decided.ts}`
    expect((await jobs.list({ place, limit: 5 })).jobs).toMatchObject([{ jobId }])
  })

  test('is replaced by the next one after a change', async () => {
    await using test = await open()
    const { slack, job, shows, jobs } = test
    await shows(1, 'Build it like this?')
    await jobs.decidePlan(job.jobId, {
      decision: 'change',
      version: 1,
      words: 'Add tags',
      origin: fromSlack(),
    })
    await shows(1, `was changed by <@${REQUESTER}>`)
    expect((await shows(1, 'Add tags')).text).toContain('Plan 2 follows below.')
    expect((await shows(2, 'plan 2')).posted).toContain(REQUESTER)
    expect(slack.problems).toEqual([])
  })

  test('ends politely when nobody decides', async () => {
    await using test = await open(2_000)
    const { slack, job, shows } = test
    expect(await job.ended()).toMatchObject({ state: 'failed', error: { code: 'plan_expired' } })
    expect(slack.messages.at(-1)?.text).toContain('Press Retry to start again')
    // A plan that expired before it was shown is not shown.
    if (test.plan(1) !== undefined) await shows(1, 'nobody decided in time')
    expect(slack.problems).toEqual([])
  })

  test.each([
    ['the upload is refused', 'files.getUploadURLExternal', 'file_uploads_disabled'],
    ['the file cannot be completed', 'files.completeUploadExternal', 'access_denied'],
  ])('goes out without a picture when %s', async (_when, method, error) => {
    const conversations = await openSlackConversations()
    await using _ = conversations
    const { slack } = conversations
    slack.inject(method, { kind: 'error', error })
    await begin(conversations, fromSlack())
    const asked = await eventually(() => slack.messages.find(({ text }) => text.includes('Build it')), 60_000)
    expect(JSON.stringify(asked.blocks)).not.toContain('image')
  })
})

describe('a plan in a Discord thread', { timeout: 120_000 }, () => {
  test('asks the requester with a picture, and says that it was cancelled', async () => {
    await using conversations = await openDiscordConversations()
    const { discord, jobs } = conversations
    const job = await begin(conversations, fromDiscord())
    const plan = () => discord.messages.find((message) => textOf(message as never).includes('Todo API'))
    const asked = await eventually(() => plan() ?? null, 60_000)
    expect(textOf(asked as never)).toContain('is planned. Build it like this?')
    expect(asked.allowed_mentions).toMatchObject({
      users: [fromDiscord().kind === 'discord' && '400000000000000001'],
    })
    expect(JSON.stringify(asked.components)).toContain(`attachment://${planOf().name}-plan-1.png`)
    await jobs.cancel(job.jobId)
    expect(await job.ended()).toMatchObject({ state: 'cancelled' })
    expect(textOf(plan() as never)).toContain('was cancelled.')
    expect(discord.problems).toEqual([])
  })
})
