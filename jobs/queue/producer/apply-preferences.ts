import {
  holdersOf,
  toJobPreferences,
  type JobRecord,
  type PreferenceHolder,
  type Preferences,
} from '#contract'
import { liveWorkers } from '../events/live-workers.ts'
import { PreferencesUnreadableError } from './errors.ts'
import type { JobsContext } from './jobs-context.ts'

/**
 * The record with what its channel, its workspace and its requester prefer. Throws where that cannot be read: a limit that
 * is not known is not ignored.
 */
export async function applyPreferences(context: JobsContext, record: JobRecord): Promise<JobRecord> {
  const holders = holdersOf(record.origin)
  const [person, channel, workspace] = await Promise.all(
    [holders.person, holders.channel, holders.workspace].map((holder) => readPreferences(context, holder)),
  )
  if (!person && !channel && !workspace) return record
  const { plan, model } = record.options
  const request: Preferences = { ...(plan && { plan }), ...(model && { model }) }
  const layers = {
    request,
    ...(person && { person }),
    ...(channel && { channel }),
    ...(workspace && { workspace }),
  }
  const asksModels = channel?.model !== undefined || workspace?.model !== undefined
  const models = asksModels ? await possibleModels(context) : []
  const preferences = toJobPreferences(layers, { models }, holders)
  return preferences === undefined ? record : { ...record, preferences }
}

/** The models that the installation allows, without those that no worker can use any more. */
export async function possibleModels({ client, models }: JobsContext): Promise<string[]> {
  const listed = (await liveWorkers(client)).flatMap((worker) => (worker.models ? [worker.models] : []))
  // Without a worker, nobody knows better.
  return models.filter((model) => listed.length === 0 || listed.some((one) => one.includes(model)))
}

async function readPreferences(
  { store, log }: JobsContext,
  holder: PreferenceHolder | null,
): Promise<Preferences | null> {
  if (holder === null) return null
  try {
    return (await store.readPreferences(holder))?.preferences ?? null
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'store_corrupt') throw error
    log.error({ err: error, holder }, 'stored preferences cannot be read')
    throw new PreferencesUnreadableError({ cause: error })
  }
}
