import { randomBytes } from 'node:crypto'
import { link, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ConfigError } from './env.ts'
import { makeFolder } from './make-folder.ts'
import { makeLinks, type Links } from './signed-link.ts'

const FILE = 'link-secret'

/**
 * Signed links of an installation, with the secrets of LINK_SECRET or a generated one, stored in the data folder and
 * readable only by this user. Throws a `ConfigError` when it cannot be stored.
 */
export async function openLinks(options: {
  readonly secrets: readonly string[]
  readonly dataDir: string
}): Promise<Links> {
  const [first, ...rest] = options.secrets
  return makeLinks(first === undefined ? [await keptSecret(options.dataDir)] : [first, ...rest])
}

async function keptSecret(dataDir: string): Promise<string> {
  const path = join(dataDir, FILE)
  try {
    await makeFolder(dataDir)
    const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`
    await writeFile(temporary, randomBytes(32).toString('base64url'), { mode: 0o600, flag: 'wx' })
    // The first writer wins: several processes may start at the same time.
    await link(temporary, path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error
    })
    await rm(temporary)
    const secret = (await readFile(path, 'utf8')).trim()
    if (secret.length >= 32) return secret
  } catch (error) {
    throw new ConfigError(
      `The link secret cannot be stored in ${path}: ${(error as Error).message}. Set LINK_SECRET, or make the folder writable.`,
      { cause: error },
    )
  }
  throw new ConfigError(
    `${path} contains no secret of at least 32 characters: delete it to generate a new one.`,
  )
}
