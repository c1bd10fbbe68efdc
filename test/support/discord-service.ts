import { eventually } from '#queue/testing/harness'
import { jobMessagesIn } from '../../bots/discord/testing/job-messages.ts'
import { BOT_TOKEN, startFakeDiscord } from '../../bots/discord/testing/fake-discord.ts'
import { startMain, temporaryFolder } from './service.ts'

/** `npm start` as it is, with discord.js as it is, on a Discord over the wire; the offline designer. */
export async function openDiscordService() {
  await using stack = new AsyncDisposableStack()
  const discord = stack.use(await startFakeDiscord())
  const { path: dataDir } = stack.use(await temporaryFolder('discord'))
  const env = { DISCORD_BOT_TOKEN: BOT_TOKEN, DISCORD_API_URL: discord.apiUrl }
  const service = stack.use(await startMain({ dataDir, env }))
  await eventually(() => discord.gateway.sockets.size > 0, 20_000)
  const jobsOf = async (user: string): Promise<string[]> => {
    const response = await fetch(`${service.url}/jobs?requester=discord:${user}`)
    return ((await response.json()) as { jobs: { jobId: string }[] }).jobs.map(({ jobId }) => jobId)
  }
  // From here on whoever opened it closes it.
  const open = stack.move()
  return {
    discord,
    service,
    jobsOf,
    /** Somebody does something; acknowledged within three seconds, or it throws. */
    async interact(payload: (opened: { id: string; token: string }) => object) {
      const opened = discord.openInteraction()
      discord.gateway.dispatch('INTERACTION_CREATE', payload(opened))
      await opened.acknowledged
    },
    /** The job of a person that has just been asked for, the nth of them. */
    async job(user: string, nth = 1): Promise<string> {
      await eventually(async () => (await jobsOf(user)).length === nth)
      return (await jobsOf(user))[0]!
    },
    /** Everything that is there of a job once its requester was called. */
    async messagesOf(jobId: string) {
      await eventually(() => jobMessagesIn(discord, jobId).pings.length > 0, 90_000)
      return jobMessagesIn(discord, jobId)
    },
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  }
}
