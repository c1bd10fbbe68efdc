import { SpecFileError, checkSpecFile, downloadSpec } from '../core/spec-file.ts'
import type { AttachedFile } from '../core/payloads.ts'

/**
 * The text of an attached OpenAPI document or SQL file. Its address carries its own permission, so no token is sent.
 *
 * @throws SpecFileError saying what is wrong with the file, or that it could not be fetched.
 */
export async function readSpecFile(file: AttachedFile, apiUrl: string): Promise<string> {
  const name = file.name ?? 'The file'
  const url = file.url ?? ''
  checkSpecFile(name, file.bytes ?? 0)
  if (!isDiscord(url, apiUrl))
    throw new SpecFileError(`${name} is not kept by Discord, so it is not fetched.`)
  return downloadSpec({ name, url, platform: 'Discord' })
}

/** Whatever address a file claims to have: nothing else is asked. */
function isDiscord(url: string, apiUrl: string): boolean {
  if (!URL.canParse(url)) return false
  const { protocol, hostname, origin } = new URL(url)
  if (origin === new URL(apiUrl).origin) return true
  return protocol === 'https:' && /^(cdn\.discordapp\.com|media\.discordapp\.net)$/.test(hostname)
}
