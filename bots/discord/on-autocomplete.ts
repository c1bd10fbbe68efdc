import { setTimeout as sleep } from 'node:timers/promises'
import { InteractionResponseType, type APIInteractionResponse } from 'discord.js'
import { truncateLine } from '../core/reply.ts'
import { isOpen, stateText } from '../core/job-messages.ts'
import type { DiscordInbound } from './inbound.ts'
import type { AutocompleteInteraction } from './payloads.ts'
import { truncate } from '../core/truncate.ts'
import { LIMITS } from './limits.ts'
import { commandOptions } from './command-options.ts'
import type { DiscordActor } from './actor.ts'

/** Users keep typing, so after this no suggestions are better than late ones. In milliseconds. */
const LOOKUP_TIMEOUT_MS = 2_000

/** Suggests the user's own jobs for a job ID. Without an `actor`, suggests nothing. */
export async function onAutocomplete(
  discord: DiscordInbound,
  interaction: AutocompleteInteraction,
  actor: DiscordActor | null,
): Promise<APIInteractionResponse> {
  const { subcommand, focused } = commandOptions(interaction)
  const typed = String(focused ?? '').toLowerCase()
  const jobs = actor === null ? [] : await loadJobs(discord, actor)
  const matches = jobs.filter(
    (job) =>
      (subcommand !== 'cancel' || isOpen(job)) &&
      (subcommand !== 'retry' || job.state === 'failed' || job.state === 'cancelled') &&
      (job.jobId.includes(typed) || job.prompt.toLowerCase().includes(typed)),
  )
  return {
    type: InteractionResponseType.ApplicationCommandAutocompleteResult,
    data: {
      choices: matches.slice(0, LIMITS.option.choices).map((job) => ({
        name: truncate(`${truncateLine(job.prompt, 70)} · ${stateText(job)}`, LIMITS.option.choiceName),
        value: job.jobId,
      })),
    },
  }
}

async function loadJobs({ jobCommands, callerOf }: DiscordInbound, actor: DiscordActor) {
  const jobs = jobCommands.jobsOf(callerOf(actor)).then(({ jobs }) => jobs)
  const late = sleep(LOOKUP_TIMEOUT_MS, [], { ref: false })
  return Promise.race([jobs, late]).catch(() => [])
}
