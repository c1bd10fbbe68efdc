import { describe, expect, it } from 'vitest'
import { makeSlackPort } from '../bots/slack/post.ts'
import { ZIP, completedWith } from '../worker/notify/testing/conversations.ts'
import { fromSlack, openSlackConversations } from '../worker/notify/testing/slack-conversations.ts'
import { PEER_TOKEN, SLACK_PEER, hasSlackPeer, startSlackPeer } from './support/slack-peer.ts'

/** What we send, taken by a Slack that we did not write. It knows no limits of length and no faults: our own fake does. */
describe.skipIf(!hasSlackPeer)(`on ${SLACK_PEER}`, () => {
  const since = new Date(Date.now() - 60_000)

  it('a message is posted, found by its marker, edited, and its thread has the uploaded file', async () => {
    await using peer = await startSlackPeer()
    const port = makeSlackPort({ token: PEER_TOKEN, apiUrl: peer.apiUrl })
    const place = { channelId: peer.channelId, threadId: null }
    const mark = { jobId: 'j1', part: 'root' } as const
    const blocks = [{ type: 'section' as const, text: { type: 'plain_text' as const, text: 'first' } }]
    const ts = await port.post(place, { text: 'first', blocks }, mark)
    expect(await port.find(place, mark, since)).toBe(ts)
    await port.edit(place, ts, { text: 'second', blocks: [] }, mark)
    const { messages } = await peer.web.conversations.history({ channel: peer.channelId })
    expect(messages?.map(({ text }) => text)).toEqual(['second'])

    const thread = { ...place, threadId: ts }
    const file = { filename: 'todo.zip', bytes: ZIP }
    const fileId = await port.upload(file)
    expect(await port.isShared(thread, fileId)).toBe(false)
    await port.share(thread, { fileId, title: 'todo.zip', message: { text: 'done', blocks } })
    expect(await port.isShared(thread, fileId)).toBe(true)
    const { file: info } = await peer.web.files.info({ file: fileId })
    const stored = await fetch(info!.url_private_download!, {
      headers: { authorization: `Bearer ${PEER_TOKEN}` },
    })
    expect(Buffer.from(await stored.arrayBuffer()).equals(ZIP)).toBe(true)
    expect(await port.findFile(thread, { filename: 'todo.zip', bytes: ZIP.length }, since)).toEqual({
      id: fileId,
      isAlone: false,
    })
    await port.discard(fileId)
    expect(await port.isShared(thread, fileId)).toBe(false)
  })

  it('a whole job is delivered: parent message, card, and the result with archive and mention', async () => {
    await using peer = await startSlackPeer()
    await using conversations = await openSlackConversations({ url: peer.apiUrl, timeoutMs: 5_000 })
    const { channelId, userId } = peer
    conversations.startNotifier()
    const job = await conversations.submit({ origin: fromSlack({ channelId, userId }) })
    job.start()
    await job.end(completedWith())
    expect(await job.delivered()).toMatchObject({ state: 'delivered', place: 'thread', archive: 'upload' })
    const { messages: roots = [] } = await peer.web.conversations.history({ channel: channelId })
    expect(roots).toHaveLength(1)
    const { messages: thread = [] } = await peer.web.conversations.replies({
      channel: channelId,
      ts: roots[0]!.ts!,
    })
    const replies = thread.filter(({ ts }) => ts !== roots[0]!.ts)
    expect(replies.filter(({ files }) => files?.[0]?.name === 'todo.zip')).toHaveLength(1)
    expect(replies.find(({ files }) => files !== undefined)?.blocks?.[0]).toMatchObject({
      elements: [{ elements: [{ type: 'user', user_id: userId }, {}, {}, {}] }, {}],
    })
    expect(replies).toHaveLength(2)
    expect(replies.filter(({ text }) => text?.includes('Done'))).toHaveLength(1)
  })
})
