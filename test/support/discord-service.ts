import { eventually } from '#queue/testing/harness'
import { jobMessagesIn } from '../../bots/discord/testing/job-messages.ts'
import { BOT_TOKEN, startFakeDiscord } from '../../bots/discord/testing/fake-discord.ts'
import { startMain, temporaryFolder } from './service.ts'

/** Runs `npm start` with the real discord.js against a stand-in for Discord, with the offline designer. */
export async function openDiscordService() {
  await using stack = new AsyncDisposableStack()
  const discord = stack.use(await startFakeDiscord())
  const { path: dataDir } = stack.use(await temporaryFolder('discord'))
  const env = { DISCORD_BOT_TOKEN: BOT_TOKEN, DISCORD_API_URL: discord.apiUrl, DISCORD_PLAN: 'never' }
  const service = stack.use(await startMain({ dataDir, env }))
  await eventually(() => discord.gateway.sockets.size > 0, 20_000)
  const jobsOf = async (user: string): Promise<string[]> => {
    const response = await fetch(`${service.url}/jobs?requester=discord:${user}`)
    return ((await response.json()) as { jobs: { jobId: string }[] }).jobs.map(({ jobId }) => jobId)
  }
  // From here on the caller disposes of it.
  const open = stack.move()
  return {
    discord,
    service,
    jobsOf,
    /** Dispatches an interaction; throws unless it is acknowledged within three seconds. */
    async interact(payload: (opened: { id: string; token: string }) => object) {
      const opened = discord.openInteraction()
      discord.gateway.dispatch('INTERACTION_CREATE', payload(opened))
      await opened.acknowledged
    },
    /** The user's latest job, once they have `nth` jobs. */
    async job(user: string, nth = 1): Promise<string> {
      await eventually(async () => (await jobsOf(user)).length === nth)
      return (await jobsOf(user))[0]!
    },
    /** The messages of a job, once its requester was notified. */
    async messagesOf(jobId: string) {
      await eventually(() => jobMessagesIn(discord, jobId).results.length > 0, 90_000)
      return jobMessagesIn(discord, jobId)
    },
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  }
}
