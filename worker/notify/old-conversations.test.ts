import { expect, test } from 'vitest'
import type { JobView, Origin } from '#contract'
import { recordOf } from '#contract/testing/samples'
import { silent } from '#queue/testing/harness'
import { aCompletedView, aView } from '../../bots/testing/views.ts'
import type { Chat } from '../../bots/core/chat.ts'
import { startFakeDiscord } from '../../bots/discord/testing/fake-discord.ts'
import { jobMessagesIn } from '../../bots/discord/testing/job-messages.ts'
import { startFakeSlack } from '../../bots/slack/testing/fake-slack.ts'
import { makeNotifier } from './notifier.ts'
import { ZIP, ZIP_SHA } from './testing/conversations.ts'
import { discordChat, fromDiscord } from './testing/discord-conversations.ts'
import { CHANNEL, fromSlack, seenIn, slackChat } from './testing/slack-conversations.ts'

/*
 * Conversations that an earlier version began: it posted the archive, a summary and a message with a mention (`ping`) after
 * the card, and kept a state for each.
 */

const archive = { filename: 'todo.zip', bytes: ZIP.length, sha256: ZIP_SHA, url: '/jobs/1/archive' }
const done = aCompletedView({ archive })
const { jobId } = done
const FILE = { filename: 'todo.zip', bytes: ZIP }
const known = (id: string) => ({ id, shown: null })
const LOST = { id: null, shown: null }

/** A state as it was stored then. */
const oldState = (over: object) => ({
  channelId: CHANNEL,
  threadId: null,
  opened: null,
  direct: false,
  version: 0,
  root: null,
  card: null,
  summary: null,
  ping: null,
  cardsLost: 0,
  editedAt: null,
  abandoned: [],
  archive: { fileId: null, lost: false, failures: 0, by: null, why: '' },
  ...over,
})

async function resume(chat: Chat, origin: Origin, state: unknown, view: JobView = done) {
  const saved: unknown[] = []
  const notify = makeNotifier({
    chatOf: async () => chat,
    store: { openArchive: async () => new Response(ZIP).body, readCheckpoint: async () => null },
    linkTo: null,
    log: silent,
    shareCheckMs: 5,
  })
  const delivery = await notify({
    record: recordOf({ jobId, origin }),
    state,
    recovered: false,
    save: async (next) => void saved.push(JSON.parse(JSON.stringify(next))),
    keepPlaces: async () => {},
    resetBackoff() {},
    async *follow() {
      yield { id: '1-0', view }
    },
    signal: new AbortController().signal,
  })
  return { delivery, saved }
}

async function inSlack() {
  const slack = await startFakeSlack()
  const chat = slackChat(slack.url, { timeoutMs: 10_000 })
  const post = (thread: string | null, part: string) =>
    chat.post(
      { channelId: CHANNEL, threadId: thread },
      { text: part, blocks: [] },
      { jobId, part: part as 'root' },
    )
  const root = await post(null, 'root')
  const card = await post(root, 'card')
  /** Shares the archive alone, as it was. */
  const shareAlone = async () => {
    const fileId = await chat.upload(FILE)
    await chat.share(
      { channelId: CHANNEL, threadId: root },
      { fileId, title: FILE.filename, message: { text: '', blocks: [] } },
    )
    return fileId
  }
  const begun = { root: known(root), card: known(card) }
  return {
    slack,
    chat,
    root,
    begun,
    post,
    shareAlone,
    [Symbol.asyncDispose]: () => slack[Symbol.asyncDispose](),
  }
}

test.each(['after the archive', 'after the summary', 'while the mention was posted, which did not happen'])(
  'Slack: %s, the result mentions the requester once, without a second archive',
  async (when) => {
    await using old = await inSlack()
    const fileId = await old.shareAlone()
    const summary = when === 'after the archive' ? null : known(await old.post(old.root, 'summary'))
    const { delivery, saved } = await resume(
      old.chat,
      fromSlack(),
      oldState({
        ...old.begun,
        summary,
        ping: when.startsWith('while') ? LOST : null,
        archive: { fileId, lost: false, failures: 0, by: 'upload', why: '' },
      }),
    )
    expect(delivery).toMatchObject({ state: 'delivered', archive: 'upload' })
    const { archives, pings } = seenIn(old.slack)
    expect([archives.length, pings.length]).toEqual([1, 1])
    expect(pings[0]?.text).toContain('The archive is in this thread, above.')
    // Once more from the last state: nothing is added.
    const count = old.slack.messages.length
    await resume(old.chat, fromSlack(), saved.at(-1))
    expect(old.slack.messages).toHaveLength(count)
  },
)

test('Slack: after the archive was shared and before that was stored, it is found', async () => {
  await using old = await inSlack()
  const fileId = await old.shareAlone()
  const archiveState = { fileId, lost: false, failures: 0, by: null, why: '' }
  await resume(old.chat, fromSlack(), oldState({ ...old.begun, archive: archiveState }))
  const { archives, pings } = seenIn(old.slack)
  expect([archives.length, pings.length]).toEqual([1, 1])
})

test.each([true, false])('Slack: with everything posted (stored: %s), nothing is added', async (isStored) => {
  await using old = await inSlack()
  const fileId = await old.shareAlone()
  const summary = known(await old.post(old.root, 'summary'))
  const ping = await old.post(old.root, 'ping')
  const state = oldState({
    ...old.begun,
    summary,
    ping: isStored ? known(ping) : LOST,
    archive: { fileId, lost: false, failures: 0, by: 'upload', why: '' },
  })
  const count = old.slack.messages.length
  expect((await resume(old.chat, fromSlack(), state)).delivery).toMatchObject({ archive: 'upload' })
  expect(old.slack.messages).toHaveLength(count)
})

test('Slack: a job that failed before its mention gets its result', async () => {
  await using old = await inSlack()
  const error = { code: 'x', message: 'It did not work.' }
  const view = aView({ state: 'failed', error })
  await resume(old.chat, fromSlack(), oldState({ ...old.begun, ping: LOST }), view)
  expect(seenIn(old.slack).pings).toHaveLength(1)
  expect(seenIn(old.slack).pings[0]?.text).toContain('It did not work.')
})

test.each(['found', 'not there'])('Discord: an archive that may have been posted is %s', async (which) => {
  await using discord = await startFakeDiscord()
  const chat = discordChat(discord.apiUrl, { timeoutMs: 10_000 })
  const origin = fromDiscord() as Extract<Origin, { kind: 'discord' }>
  const { channelId } = origin
  const [hello] = chat.render({
    kind: 'parent-message',
    parent: { jobId, requester: null, prompt: 'x', state: 'active', headline: 'Building' },
  })
  const root = await chat.post({ channelId, threadId: null }, hello, { jobId, part: 'root' })
  const thread = { channelId, threadId: root }
  await chat.openThread?.(
    { channelId, threadId: null },
    { parentMessageId: root, name: 'x', userId: origin.userId, since: new Date() },
  )
  const card = await chat.post(thread, hello, { jobId, part: 'card' })
  if (which === 'found') {
    // The file alone, as it was.
    const alone = { ...hello, component: { ...hello.component, components: [] } }
    await chat.postFile(
      thread,
      {
        ...alone,
        component: { ...alone.component, components: [{ type: 13, file: { url: 'attachment://todo.zip' } }] },
      },
      FILE,
      { jobId, part: 'archive' as 'root' },
    )
  }
  const state = oldState({
    channelId,
    opened: { threadId: root },
    root: known(root),
    card: known(card),
    archive: { fileId: null, lost: true, failures: 0, by: null, why: '' },
  })
  const { delivery } = await resume(chat, origin, state)
  expect(delivery).toMatchObject({ state: 'delivered', archive: 'upload' })
  const { results, calls, all } = jobMessagesIn(discord, jobId)
  expect([results.length, calls.length]).toEqual([1, 1])
  expect(all.filter(({ attachments }) => attachments.length > 0)).toHaveLength(1)
  expect(discord.problems).toEqual([])
})
