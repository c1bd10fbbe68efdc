import { setTimeout as sleep } from 'node:timers/promises'
import { InteractionResponseType, type APIInteractionResponse } from 'discord.js'
import { excerpt } from '../core/reply.ts'
import { isOpen, stateText } from '../core/job-messages.ts'
import type { DiscordInbound } from './inbound.ts'
import type { Autocomplete } from './heard.ts'
import { cut } from '../core/truncate.ts'
import { LIMITS } from './limits.ts'
import { optionsOf } from './options-of.ts'
import type { Who } from './who.ts'

/** Somebody is typing: after this an empty list does better than none, in milliseconds. */
const PATIENCE_MS = 2_000

/** Offers a person their own jobs where the id of one is to be typed. `who` null: nothing is offered. */
export async function onAutocomplete(
  discord: DiscordInbound,
  heard: Autocomplete,
  who: Who | null,
): Promise<APIInteractionResponse> {
  const { subcommand, focused } = optionsOf(heard)
  const typed = String(focused ?? '').toLowerCase()
  const jobs = who === null ? [] : await soon(discord, who)
  const fitting = jobs.filter(
    (job) =>
      (subcommand !== 'cancel' || isOpen(job)) &&
      (subcommand !== 'retry' || job.state === 'failed' || job.state === 'cancelled') &&
      (job.jobId.includes(typed) || job.prompt.toLowerCase().includes(typed)),
  )
  return {
    type: InteractionResponseType.ApplicationCommandAutocompleteResult,
    data: {
      choices: fitting.slice(0, LIMITS.option.choices).map((job) => ({
        name: cut(`${excerpt(job.prompt, 70)} · ${stateText(job)}`, LIMITS.option.choiceName),
        value: job.jobId,
      })),
    },
  }
}

async function soon({ story, askerOf }: DiscordInbound, who: Who) {
  const list = story.jobsOf(askerOf(who)).then(({ jobs }) => jobs)
  const late = sleep(PATIENCE_MS, [], { ref: false })
  return Promise.race([list, late]).catch(() => [])
}
