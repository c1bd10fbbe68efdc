import { SpecFileError, checkSpecFile, downloadSpec } from '../core/spec-file.ts'
import type { AttachedFile } from '../core/payloads.ts'

/**
 * Downloads an attached OpenAPI document or SQL file. Attachment URLs are signed, so no token is sent.
 *
 * @throws SpecFileError if the file is unsuitable or cannot be downloaded.
 */
export async function readSpecFile(
  file: AttachedFile,
  apiUrl: string,
  types?: readonly string[],
): Promise<string> {
  const name = file.name ?? 'The file'
  const url = file.url ?? ''
  checkSpecFile(name, file.bytes ?? 0, types)
  if (!isDiscord(url, apiUrl))
    throw new SpecFileError(`${name} is not hosted by Discord, so it was not downloaded.`)
  return downloadSpec({ name, url, platform: 'Discord' })
}

/** Only Discord's own hosts are requested, whatever URL a file has. */
function isDiscord(url: string, apiUrl: string): boolean {
  if (!URL.canParse(url)) return false
  const { protocol, hostname, origin } = new URL(url)
  if (origin === new URL(apiUrl).origin) return true
  return protocol === 'https:' && /^(cdn\.discordapp\.com|media\.discordapp\.net)$/.test(hostname)
}
