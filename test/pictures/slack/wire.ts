import type { Notification } from '../../../bots/core/cards/notification.ts'
import { startFakeSlack } from '../../../bots/slack/testing/fake-slack.ts'
import { slackChat } from '../../../worker/notify/testing/slack-conversations.ts'
import type { Shown } from '../shown.ts'
import { askedBy } from '../states/jobs.ts'
import { ZIP_BYTES, markerOf, type Wire } from '../wire.ts'

const ROOM = { channelId: 'C1', threadId: null }

/** Sends messages about jobs to Slack as the notifier does. */
export async function openSlackWire(): Promise<Wire> {
  const slack = await startFakeSlack()
  const chat = slackChat(slack.url, { timeoutMs: 60_000 })
  return {
    async send(asked: Notification): Promise<Shown> {
      const notification = askedBy('U1', asked)
      const [message] = chat.render(notification)
      const archive = notification.kind === 'result' ? notification.result.archive : null
      if (archive?.at !== 'message') await chat.post(ROOM, message, markerOf(notification))
      else {
        const { filename } = archive
        const fileId = await chat.upload({ filename, bytes: Buffer.alloc(ZIP_BYTES) })
        await chat.share(ROOM, { fileId, title: filename, message })
      }
      const { text, blocks, files } = slack.messages.at(-1)!
      const file = files === undefined ? undefined : { name: archive?.filename ?? '', bytes: ZIP_BYTES }
      return { as: 'message', content: { text, blocks }, file }
    },
    async [Symbol.asyncDispose]() {
      await slack[Symbol.asyncDispose]()
      if (slack.problems.length > 0) throw new Error(slack.problems.join('\n'))
    },
  }
}
