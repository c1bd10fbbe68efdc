import type { REST } from 'discord.js'
import type { Logger } from '#lib/log'
import type { Answer } from '../answer.ts'
import type { DiscordConfig } from './config.ts'
import { makeExpiring } from '../expiring.ts'
import type { Story } from '../story.ts'
import { askForBackend } from './ask.ts'
import { openDirect } from './direct.ts'
import type { HeardFile } from './heard.ts'
import { LIMITS } from './limits.ts'
import { makeReply, type Target } from './reply.ts'
import type { DiscordRequest } from './request.ts'
import { readSpecFile } from './spec-file.ts'
import { askerOf, closedTo, type Who } from './who.ts'

/** The app, as Discord knows it. */
export type Identity = {
  readonly applicationId: string
  readonly userId: string
  readonly name: string
}

export type DiscordDeps = {
  readonly rest: REST
  /** For answers to interactions, which Discord counts apart from all else: they wait for nothing. It knows no token. */
  readonly interactions: REST
  readonly config: DiscordConfig
  readonly story: Story
  readonly log: Logger
  readonly identity: Identity
}
export type DiscordContext = ReturnType<typeof makeDiscordContext>

/** Requests that could not be sent, for the buttons under their refusals; those buttons die with the interaction. */
const MAX_KEPT = 1_000

/** What every listener works with. */
export function makeDiscordContext(deps: DiscordDeps) {
  const { rest, interactions, config, story, log } = deps
  const reply = makeReply({ rest, interactions, log })
  const kept = makeExpiring<DiscordRequest>({ ttlMs: LIMITS.interaction.tokenMs, max: MAX_KEPT })
  const readSpec = (file: HeardFile) => readSpecFile(file, config.apiUrl)

  return {
    ...deps,
    kept,
    askerOf: (who: Who) => askerOf(who, config),
    tell: (target: Target, answer: Answer) => reply.tell(target, answer),
    clear: reply.clear,

    ask: (asked: Parameters<typeof askForBackend>[1]) =>
      askForBackend(
        {
          story,
          reply,
          kept,
          readSpec,
          threads: config.threads,
          openDirect: (userId) => openDirect(rest, userId),
        },
        asked,
      ),

    /** Why this person is not heard; null when they are. */
    closedTo(who: Who, options: { anywhere?: boolean } = {}): ReturnType<typeof closedTo> {
      const closed = closedTo(config, who, options)
      if (closed !== null) log.info({ userId: who.userId, machine: who.machine }, 'somebody was not heard')
      return closed
    },
  }
}
