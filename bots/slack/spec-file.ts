import type { WebClient } from '@slack/web-api'
import { SpecFileError, checkSpecFile, downloadSpec } from '../core/spec-file.ts'
import type { AttachedFile } from '../core/payloads.ts'
import { SlackFile } from './payloads.ts'

/**
 * The text of an attached OpenAPI document or SQL file, downloaded with the bot's token, which is sent only to Slack.
 *
 * @throws SpecFileError if the file is invalid or could not be downloaded.
 */
export async function readSpecFile(
  deps: { readonly web: WebClient; readonly botToken: string; readonly apiUrl: string },
  attached: AttachedFile,
  types?: readonly string[],
): Promise<string> {
  const file = attached.url === null ? await fetchFileInfo(deps.web, attached.id) : attached
  const name = file.name ?? 'The file'
  checkSpecFile(name, file.bytes ?? 0, types)
  const url = file.url ?? ''
  if (!isSlack(url, deps.apiUrl))
    throw new SpecFileError(`${name} is not stored in Slack, so it can’t be downloaded.`)
  return downloadSpec({
    name,
    url,
    platform: 'Slack',
    headers: { authorization: `Bearer ${deps.botToken}` },
    hint: 'it needs the scope files:read',
  })
}

async function fetchFileInfo(web: WebClient, id: string): Promise<AttachedFile> {
  try {
    return SlackFile.parse((await web.files.info({ file: id })).file)
  } catch (error) {
    throw new SpecFileError(
      'Can’t find the attached file: it was deleted, or the app lacks permission to read files.',
      {
        cause: error,
      },
    )
  }
}

/** Guards against sending the token to another host. */
function isSlack(url: string, apiUrl: string): boolean {
  if (!URL.canParse(url)) return false
  const { protocol, hostname, origin } = new URL(url)
  if (origin === new URL(apiUrl).origin) return true
  return protocol === 'https:' && /(^|\.)slack(-gov)?\.com$/.test(hostname)
}
