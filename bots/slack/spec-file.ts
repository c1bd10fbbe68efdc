import type { WebClient } from '@slack/web-api'
import { HeardFile } from './heard.ts'

/** Endings of files that can be a spec. */
export const SPEC_TYPES = ['json', 'yaml', 'yml', 'sql', 'txt'] as const
/** The API's own limit, in characters; no file of fewer bytes has more. */
const MAX_BYTES = 1_000_000
const DOWNLOAD_MS = 15_000

/** An attached file cannot be a spec. The message is for whoever attached it. */
export class SpecFileError extends Error {
  override readonly name = 'SpecFileError'
  readonly code = 'bad_spec_file'
}

/**
 * The text of an attached OpenAPI document or SQL file, downloaded with the bot's token, which goes to Slack alone.
 *
 * @throws SpecFileError saying what is wrong with the file, or that it could not be fetched.
 */
export async function readSpecFile(
  deps: { readonly web: WebClient; readonly botToken: string; readonly apiUrl: string },
  heard: HeardFile,
): Promise<string> {
  const file = heard.url_private_download ? heard : await lookUp(deps.web, heard.id)
  const name = file.name ?? 'The file'
  const ending = /\.([a-z0-9]+)$/i.exec(name)?.[1]?.toLowerCase() ?? ''
  if (!SPEC_TYPES.some((type) => type === ending))
    throw new SpecFileError(
      `${name} cannot be read: attach an OpenAPI document or SQL definitions (${SPEC_TYPES.map((type) => `.${type}`).join(', ')}).`,
    )
  if ((file.size ?? 0) > MAX_BYTES) throw tooLarge(name)
  const url = file.url_private_download ?? ''
  if (!isSlack(url, deps.apiUrl))
    throw new SpecFileError(`${name} is not kept by Slack, so it is not fetched.`)

  const text = decode(name, await download(name, url, deps.botToken))
  if (text.trim() === '') throw new SpecFileError(`${name} is empty.`)
  return text
}

async function lookUp(web: WebClient, id: string): Promise<HeardFile> {
  try {
    return HeardFile.parse((await web.files.info({ file: id })).file)
  } catch (error) {
    throw new SpecFileError(
      'The attached file cannot be looked up: it was deleted, or the app may not read files.',
      {
        cause: error,
      },
    )
  }
}

/** The token is sent to nobody else, whatever address a file claims to have. */
function isSlack(url: string, apiUrl: string): boolean {
  if (!URL.canParse(url)) return false
  const { protocol, hostname, origin } = new URL(url)
  if (origin === new URL(apiUrl).origin) return true
  return protocol === 'https:' && /(^|\.)slack(-gov)?\.com$/.test(hostname)
}

async function download(name: string, url: string, botToken: string): Promise<Uint8Array> {
  const failed = (cause: unknown) =>
    new SpecFileError(`${name} could not be fetched from Slack. Try again in a moment.`, { cause })
  let response: Response
  try {
    response = await fetch(url, {
      headers: { authorization: `Bearer ${botToken}` },
      // A file that may not be read leads to a page to sign in at.
      redirect: 'error',
      signal: AbortSignal.timeout(DOWNLOAD_MS),
    })
  } catch (error) {
    throw failed(error)
  }
  if (!response.ok || !response.body) throw failed(new Error(`HTTP ${response.status}`))
  if (response.headers.get('content-type')?.startsWith('text/html'))
    throw new SpecFileError(`${name} may not be read by this app: it needs the scope files:read.`)

  const chunks: Uint8Array[] = []
  let bytes = 0
  try {
    for await (const chunk of response.body) {
      bytes += chunk.byteLength
      if (bytes > MAX_BYTES) throw tooLarge(name)
      chunks.push(chunk)
    }
  } catch (error) {
    throw error instanceof SpecFileError ? error : failed(error)
  }
  return Buffer.concat(chunks)
}

function decode(name: string, bytes: Uint8Array): string {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    if (!text.includes('\0')) return text
  } catch {
    // Said below.
  }
  throw new SpecFileError(`${name} is not text in UTF-8.`)
}

const tooLarge = (name: string) => new SpecFileError(`${name} is too large: a spec may have at most 1 MB.`)
