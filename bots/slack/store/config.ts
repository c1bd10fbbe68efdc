import { join } from 'node:path'
import { ConfigError, secretList, text, variable } from '#lib/env'
import { z } from 'zod'

/** Where installations are kept, and what seals them: the bot writes there, and workers that deliver read. */
export type StoreConfig = { readonly dir: string; readonly keys: readonly string[] }

export const storeVariables = {
  DATA_DIR: text('a folder that can be written', '.data'),
  /** Read here for one thing alone: whether jobs are kept where several machines reach them. */
  STORE_URL: variable(z.string().optional(), 'where jobs are kept'),
  SLACK_STORE_DIR: variable(z.string().optional(), 'a folder that can be written'),
  SLACK_STORE_KEY: variable(
    secretList,
    'random text of at least 32 characters, or several separated by commas',
    { secret: true },
  ),
}

/**
 * Null without a key: there is one workspace, or none. Throws a `ConfigError` where jobs are in a bucket, which is for machines
 * that share no folder, and nobody said in which folder installations are shared: each machine would know its own alone.
 */
export function storeOf(values: {
  readonly DATA_DIR: string
  readonly STORE_URL: string | undefined
  readonly SLACK_STORE_DIR: string | undefined
  readonly SLACK_STORE_KEY: readonly string[]
}): StoreConfig | null {
  const { DATA_DIR, SLACK_STORE_DIR: dir, SLACK_STORE_KEY: keys } = values
  if (keys.length === 0) return null
  if (dir === undefined && values.STORE_URL?.startsWith('s3:'))
    throw new ConfigError(
      'STORE_URL is a bucket, but what Slack workspaces grant is kept in a folder, which other machines do not see: set SLACK_STORE_DIR to a folder that the bots and every worker that delivers share, or to a folder of this machine if all of them run here.',
    )
  return { dir: dir ?? join(DATA_DIR, 'slack'), keys }
}
