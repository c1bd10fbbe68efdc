import { MAX_PLAN_VERSIONS } from '#contract'
import type { PartName } from '../../core/chat.ts'
import { markerId } from '../message-marker.ts'
import type { FakeDiscord } from './fake-discord.ts'

const VERSIONS = Array.from({ length: MAX_PLAN_VERSIONS }, (_, at) => at + 1)

/** The messages of a job in Discord, found by their hidden markers. */
export function jobMessagesIn(discord: FakeDiscord, jobId: string) {
  const alive = discord.messages.filter(({ deleted }) => !deleted)
  const part = (name: PartName) =>
    alive.filter(({ components }) =>
      components.some((one) => (one as { id?: number }).id === markerId({ jobId, part: name })),
    )
  return {
    roots: part('root'),
    cards: part('card'),
    results: part('result'),
    /** Its plans, by version. */
    plans: VERSIONS.flatMap((version) => part(`plan-${version}`).map((message) => ({ version, message }))),
    /** Messages with a file. */
    archives: part('result').filter(({ attachments }) => attachments.length > 0),
    /** New messages that mention someone. */
    calls: alive.filter(
      ({ allowed_mentions: allowed }) => ((allowed as { users?: string[] }).users ?? []).length > 0,
    ),
    all: alive,
  }
}
