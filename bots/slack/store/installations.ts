import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto'
import { readFile, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { makeFolder } from '#lib/make-folder'
import { z } from 'zod'

/** The app in one workspace that installed it. */
export const Installation = z.object({
  teamId: z.string().regex(/^[A-Z0-9]{1,30}$/),
  workspace: z.string(),
  /** The Enterprise Grid organization. */
  enterpriseId: z.string().nullable(),
  botToken: z.string(),
  botUserId: z.string(),
  botId: z.string().nullable(),
  /** ISO 8601. */
  installedAt: z.string(),
})
export type Installation = z.infer<typeof Installation>

const Sealed = z.object({
  version: z.literal(1),
  key: z.string(),
  iv: z.string(),
  tag: z.string(),
  data: z.string(),
})

/** A stored installation cannot be read. The message says what to do. */
export class InstallationError extends Error {
  override readonly name = 'InstallationError'
  readonly code = 'installation_unreadable'
}

export type Installations = ReturnType<typeof openInstallations>

/**
 * Installations, written by the bots and read by delivering workers: one file per workspace, encrypted with AES-256-GCM.
 * `keys` are secrets of at least 32 characters: the first encrypts, all can decrypt. Reading throws an
 * `InstallationError` for a file that no key decrypts.
 */
export function openInstallations(options: { readonly dir: string; readonly keys: readonly string[] }) {
  const { dir } = options
  const keys = options.keys.map((secret) => {
    const bytes = Buffer.from(hkdfSync('sha256', secret, 'slack-installations', 'aes-256-gcm', 32))
    return { bytes, id: createHash('sha256').update(bytes).digest('hex').slice(0, 12) }
  })
  const fileOf = (teamId: string) => join(dir, `${teamId}.json`)

  function seal(installation: Installation): string {
    const key = keys[0]!
    const iv = randomBytes(12)
    const cipher = createCipheriv('aes-256-gcm', key.bytes, iv)
    // A file renamed to another workspace's fails to decrypt.
    cipher.setAAD(Buffer.from(installation.teamId))
    const data = Buffer.concat([cipher.update(JSON.stringify(installation), 'utf8'), cipher.final()])
    const text = (bytes: Buffer) => bytes.toString('base64')
    return JSON.stringify({
      version: 1,
      key: key.id,
      iv: text(iv),
      tag: text(cipher.getAuthTag()),
      data: text(data),
    })
  }

  function unseal(teamId: string, text: string): { installation: Installation; current: boolean } {
    try {
      const sealed = Sealed.parse(JSON.parse(text))
      const key = keys.find(({ id }) => id === sealed.key)
      if (key === undefined)
        throw new InstallationError(
          `What is kept of workspace ${teamId} is sealed with a key that SLACK_STORE_KEY does not have: put the old key behind the new one, or let the workspace install the app again.`,
        )
      const bytes = (part: string) => Buffer.from(part, 'base64')
      const decipher = createDecipheriv('aes-256-gcm', key.bytes, bytes(sealed.iv), { authTagLength: 16 })
      decipher.setAAD(Buffer.from(teamId)).setAuthTag(bytes(sealed.tag))
      const plain = Buffer.concat([decipher.update(bytes(sealed.data)), decipher.final()]).toString('utf8')
      return { installation: Installation.parse(JSON.parse(plain)), current: key === keys[0] }
    } catch (error) {
      if (error instanceof InstallationError) throw error
      throw new InstallationError(
        `What is kept of workspace ${teamId} is damaged: let the workspace install the app again.`,
        { cause: error },
      )
    }
  }

  async function load(teamId: string) {
    try {
      return unseal(teamId, await readFile(fileOf(teamId), 'utf8'))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
      throw error
    }
  }

  async function write(installation: Installation): Promise<void> {
    const path = fileOf(Installation.parse(installation).teamId)
    const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`
    await makeFolder(dir)
    await writeFile(temporary, seal(installation), { mode: 0o600, flag: 'wx', flush: true })
    await rename(temporary, path)
  }

  async function teamIds(): Promise<string[]> {
    const names = await readdir(dir).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return []
      throw error
    })
    return names.flatMap((name) => /^([A-Z0-9]{1,30})\.json$/.exec(name)?.[1] ?? [])
  }

  return {
    write,
    teamIds,
    /** Null: the app is not installed there. */
    read: async (teamId: string): Promise<Installation | null> =>
      Installation.shape.teamId.safeParse(teamId).success
        ? ((await load(teamId))?.installation ?? null)
        : null,
    /** Idempotent. */
    remove: (teamId: string) => rm(fileOf(Installation.shape.teamId.parse(teamId)), { force: true }),
    /**
     * Re-encrypts with the first key what was encrypted with another, so that the other can be removed. Only the writer may
     * call it. Returns how many were re-encrypted, and which no key decrypts.
     */
    async renew(): Promise<{ renewed: number; unreadable: InstallationError[] }> {
      let renewed = 0
      const unreadable: InstallationError[] = []
      for (const teamId of await teamIds()) {
        try {
          const found = await load(teamId)
          if (found === null || found.current) continue
          await write(found.installation)
          renewed++
        } catch (error) {
          if (!(error instanceof InstallationError)) throw error
          unreadable.push(error)
        }
      }
      return { renewed, unreadable }
    },
  }
}
