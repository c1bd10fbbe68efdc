import { join } from 'node:path'
import { secretList, text, variable } from '#lib/env'
import { z } from 'zod'

/** Where installations are kept, and what seals them: the bot writes there, and workers that deliver read. */
export type StoreConfig = { readonly dir: string; readonly keys: readonly string[] }

export const storeVariables = {
  DATA_DIR: text('a folder that can be written', '.data'),
  SLACK_STORE_DIR: variable(z.string().optional(), 'a folder that can be written'),
  SLACK_STORE_KEY: variable(
    secretList,
    'random text of at least 32 characters, or several with commas between them',
    { secret: true },
  ),
}

/** Null without a key: there is one workspace, or none. */
export function storeOf(values: {
  readonly DATA_DIR: string
  readonly SLACK_STORE_DIR: string | undefined
  readonly SLACK_STORE_KEY: readonly string[]
}): StoreConfig | null {
  const { DATA_DIR, SLACK_STORE_DIR: dir, SLACK_STORE_KEY: keys } = values
  return keys.length === 0 ? null : { dir: dir ?? join(DATA_DIR, 'slack'), keys }
}
