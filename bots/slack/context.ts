import type { WebClient } from '@slack/web-api'
import type { Logger } from '#lib/log'
import type { Answer } from '../answer.ts'
import type { SlackConfig } from './config.ts'
import type { Asker } from '../permissions.ts'
import type { Story } from '../story.ts'
import { askForBackend, type AskDeps } from './ask.ts'
import { closedTo } from './gate.ts'
import { homeView } from './home.ts'
import { makePlaces } from './place.ts'
import { renderAnswer } from './render-answer.ts'
import { makeReply, type Target } from './reply.ts'
import { makeRights } from './rights.ts'
import { readSpecFile } from './spec-file.ts'
import type { Identity, Who } from './who.ts'
import { reasonOf } from './reason.ts'

export type SlackDeps = {
  readonly web: WebClient
  readonly botToken: string
  readonly config: SlackConfig
  readonly story: Story
  readonly log: Logger
  readonly identity: Identity
}
export type SlackContext = ReturnType<typeof makeSlackContext>

/** What every listener works with. */
export function makeSlackContext(deps: SlackDeps) {
  const { web, botToken, config, story, log, identity } = deps
  const rights = makeRights({ web, config, log })
  const places = makePlaces({ web, log })
  const reply = makeReply({ web, log })
  const readSpec: AskDeps['readSpec'] = (file) => readSpecFile({ web, botToken, apiUrl: config.apiUrl }, file)

  const askerOf = (userId: string): Asker => ({
    requester: `slack:${identity.teamId}:${userId}`,
    sees: (origin) => origin.kind === 'slack' && origin.teamId === identity.teamId,
    isAdmin: () => rights.isAdmin(userId),
  })

  const { teamId, userId: botUserId } = identity

  return {
    ...deps,
    askerOf,

    tell: (target: Target, answer: Answer) => reply(target, renderAnswer(answer)),

    ask: (asked: Parameters<typeof askForBackend>[1]) =>
      askForBackend({ story, places, reply, readSpec, teamId, botUserId, askerOf }, asked),

    /** False when this person is not heard, which they have then been told. */
    async admits(
      who: Who,
      target: Target,
      options: { direct?: boolean; anywhere?: boolean } = {},
    ): Promise<boolean> {
      const direct = options.direct ?? target.channelId?.startsWith('D') ?? true
      const channelId = options.anywhere ? null : (target.channelId ?? 'dm')
      const closed = closedTo(config, { who, channelId, direct })
      if (closed === null) return true
      log.info({ userId: who.userId, external: who.external, machine: who.machine }, 'somebody was not heard')
      if (!closed.silent) await reply(target, renderAnswer(closed.answer))
      return false
    },

    /** Shows a person their Home as it is now; a Slack that does not take it is logged. */
    async showHome(userId: string, notice: Answer | null): Promise<void> {
      const list = await story.jobsOf(askerOf(userId)).catch((error: unknown) => {
        log.warn({ reason: reasonOf(error) }, 'the jobs of a Home cannot be read')
        return null
      })
      try {
        await web.views.publish({ user_id: userId, view: homeView(list, notice) })
      } catch (error) {
        log.warn({ reason: reasonOf(error) }, 'a Home cannot be shown')
      }
    },
  }
}
