import { describe, expect, it } from 'vitest'
import { slash } from '../bots/testing/discord/payloads.ts'
import { command } from '../bots/testing/slack/payloads.ts'
import { openDiscordService } from './support/discord-service.ts'
import { archive } from './support/service.ts'
import { openStory } from './support/slack-story.ts'

/** One job of each chat, whole, from the outside. What else each does is in the slow tests. */

describe('a job from a chat', { timeout: 240_000 }, () => {
  it('has its archive in a thread of Slack', async () => {
    await using story = await openStory('socket')
    const delivery = command('something for my shelves', {
      user: 'UANN',
      responseUrl: story.world.responseUrl(),
    })
    story.model.open()
    await story.send('command', delivery)
    const [asked] = await story.jobsOf('UANN', 1)
    const job = await story.notified(asked!.jobId)
    expect(job).toMatchObject({ state: 'completed', delivery: { archive: 'upload' } })
    const [zip, ...others] = story.filesIn(story.root(job.jobId)!.ts)
    expect(others).toEqual([])
    expect(zip?.bytes?.equals(await archive(story.url, job.jobId))).toBe(true)
    expect(story.slack.problems).toEqual([])
  })

  it('has its archive in a thread of Discord', async () => {
    await using chat = await openDiscordService()
    const user = '420000000000000001'
    await chat.interact((opened) => slash(opened, 'generate-backend', { prompt: 'a todo app' }, { user }))
    const jobId = await chat.job(user)
    const { roots, archives, results } = await chat.messagesOf(jobId)
    expect(archives.map(({ channel_id: channel }) => channel)).toEqual([roots[0]?.id])
    expect(archives[0]?.bytes?.equals(await archive(chat.service.url, jobId))).toBe(true)
    expect(results).toHaveLength(1)
    expect(chat.discord.problems).toEqual([])
  })
})
