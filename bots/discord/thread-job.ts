import { Routes, type APIMessage, type REST } from 'discord.js'
import type { JobId } from '#contract'
import type { Logger } from '#lib/log'
import { readCustomId } from './custom-id.ts'
import { reasonOf } from './errors.ts'

/** How many messages of a thread are looked through. */
const LOOK = 100

/**
 * The job that a thread is about: the newest whose buttons the bot has put there. Null: none; undefined: the thread
 * cannot be read.
 */
export async function jobOfThread(
  deps: { readonly rest: REST; readonly log: Logger; readonly botUserId: string },
  threadId: string,
): Promise<JobId | null | undefined> {
  try {
    const query = new URLSearchParams({ limit: String(LOOK) })
    const messages = (await deps.rest.get(Routes.channelMessages(threadId), { query })) as APIMessage[]
    const own = messages.filter(({ author }) => author.id === deps.botUserId)
    const newestFirst = own.sort((a, b) => (BigInt(a.id) < BigInt(b.id) ? 1 : -1))
    for (const { components } of newestFirst) {
      const jobId = jobOfComponents(components ?? [])
      if (jobId !== null) return jobId
    }
    return null
  } catch (error) {
    deps.log.warn({ reason: reasonOf(error) }, 'a thread cannot be read')
    return undefined
  }
}

/** The job that the buttons of a message of ours are about. */
export function jobOfComponents(components: readonly unknown[]): JobId | null {
  for (const component of components) {
    if (typeof component !== 'object' || component === null) continue
    const { custom_id: id, components: inner } = component as { custom_id?: unknown; components?: unknown }
    const own = typeof id === 'string' ? (readCustomId(id)?.jobId ?? null) : null
    const found = own ?? (Array.isArray(inner) ? jobOfComponents(inner) : null)
    if (found !== null) return found
  }
  return null
}
