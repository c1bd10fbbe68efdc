import { expect, test } from 'vitest'
import { aCompletedView } from '../bots/testing/views.ts'
import { PHONE, phoneLines } from '../bots/core/cards/phone.ts'
import { PROMPTS, reportFor } from './support/thread-prompts.ts'
import { textOf } from '../bots/testing/discord/open-discord.ts'
import { ZIP, completedWith } from '../worker/notify/testing/conversations.ts'
import { fromDiscord, openDiscordConversations } from '../worker/notify/testing/discord-conversations.ts'
import { fromSlack, openSlackConversations } from '../worker/notify/testing/slack-conversations.ts'

/** What a thread holds at its end, for requests of many kinds and lengths. */

const outcomeOf = (prompt: string) => {
  const { startedAt, finishedAt } = aCompletedView()
  return completedWith({ report: reportFor(prompt), startedAt: startedAt!, finishedAt: finishedAt! })
}

/** The lines of a message in Slack as a phone breaks them, with one for the buttons. */
function slackLines(blocks: unknown): string[] {
  if (Array.isArray(blocks)) return blocks.flatMap(slackLines)
  const block = blocks as { type: string; elements?: { type: string }[]; text?: { text: string } }
  switch (block.type) {
    case 'rich_text':
    case 'rich_text_list':
      return (block.elements ?? []).flatMap(slackLines)
    case 'rich_text_section':
      return [(block.elements ?? []).map((one) => wordOf(one)).join('')]
    case 'actions':
      return ['[buttons]']
    case 'context':
      return (block.elements ?? []).map(wordOf)
    default:
      return [block.text?.text ?? '']
  }
}
const wordOf = (element: object): string =>
  'text' in element ? String(element.text) : 'user_id' in element ? '@a-person' : ''

/** The same of Discord, without the marks that it does not show. */
const discordLines = (components: unknown): string[] => [
  ...textOf({ components })
    .split('\n')
    .filter((line) => line !== '')
    // The labels of the buttons.
    .slice(0, -2)
    .map((line) =>
      line
        .replaceAll(/<@\d+>/g, '@a-person')
        .replaceAll('**', '')
        .replace(/^(?:-#|-) /, ''),
    ),
  '[buttons]',
]

const heightOf = (lines: readonly string[]) => lines.reduce((sum, line) => sum + phoneLines(line), 0)

test(`a thread has 3 messages, and its result ${PHONE.lines} lines on a phone, for ${PROMPTS.length} prompts in both chats`, async () => {
  await using slack = await openSlackConversations()
  await using discord = await openDiscordConversations()
  const figures: { chat: string; prompt: string; messages: number; lines: number }[] = []
  for (const conversations of [slack, discord]) {
    conversations.startNotifier()
    conversations.queue(async ({ record }) => {
      await conversations.store.writeArchive(record.jobId, 'todo.zip', ZIP)
      return outcomeOf(record.prompt)
    })
  }
  for (const [at, prompt] of PROMPTS.entries()) {
    const channelId = `C0ROOM${at}`
    const inSlack = await slack.submit({ prompt, origin: fromSlack({ channelId }) })
    const inDiscord = await discord.submit({ prompt, origin: fromDiscord() })
    for (const job of [inSlack, inDiscord])
      expect(await job.delivered()).toMatchObject({ state: 'delivered', archive: 'upload' })
    const mine = slack.slack.messages.filter(({ channel }) => channel === channelId)
    const slackResult = mine.find(({ files }) => files !== undefined)
    const { roots, results, all } = discord.seen(inDiscord.jobId)
    const theirs = all.filter(
      ({ id, channel_id: channel }) => id === roots[0]?.id || channel === roots[0]?.id,
    )
    figures.push(
      {
        chat: 'Slack',
        prompt,
        messages: mine.length,
        lines: heightOf(slackLines(slackResult?.blocks ?? [])),
      },
      {
        chat: 'Discord',
        prompt,
        messages: theirs.length,
        lines: heightOf(discordLines(results[0]?.components)),
      },
    )
  }
  expect(figures.filter(({ messages }) => messages !== 3)).toEqual([])
  expect(figures.filter(({ lines }) => lines > PHONE.lines || lines < 3)).toEqual([])
})
