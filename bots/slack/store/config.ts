import { join } from 'node:path'
import { ConfigError, secretList, text, variable } from '#lib/env'
import { z } from 'zod'

/** Where installations are stored, and the encryption keys: the bots write, and delivering workers read. */
export type StoreConfig = { readonly dir: string; readonly keys: readonly string[] }

export const storeVariables = {
  DATA_DIR: text('a folder that can be written', '.data'),
  /** Used here only to detect whether several machines share the job store. */
  STORE_URL: variable(z.string().optional(), 'where jobs are stored'),
  SLACK_STORE_DIR: variable(z.string().optional(), 'a folder that can be written'),
  SLACK_STORE_KEY: variable(
    secretList,
    'random text of at least 32 characters, or several separated by commas',
    { secret: true },
  ),
}

/**
 * Null without a key: there is at most one workspace. Throws a `ConfigError` if jobs are in a bucket, which implies several
 * machines, but no shared folder is set: each machine would then have its own installations only.
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
      'STORE_URL is a bucket, but Slack installations are stored in a folder, which other machines cannot read: set SLACK_STORE_DIR to a folder that the bots and every worker that delivers share, or to a folder of this machine if all of them run here.',
    )
  return { dir: dir ?? join(DATA_DIR, 'slack'), keys }
}
