import { decodeText } from '#lib/decode-text'

/** File extensions of supported specs. */
export const SPEC_TYPES = ['json', 'yaml', 'yml', 'sql', 'prisma', 'graphql', 'gql', 'txt'] as const
/** File extensions of texts that are quoted in a prompt. */
export const TEXT_TYPES = ['md', 'markdown', 'txt', 'text', 'csv', 'tsv', 'xml', 'toml'] as const
/** The API's limit, which is in characters; a file never has more characters than bytes. */
const MAX_BYTES = 1_000_000
const DOWNLOAD_MS = 15_000

/** An attached file cannot be used as a spec. The message is shown to the user. */
export class SpecFileError extends Error {
  override readonly name = 'SpecFileError'
  readonly code = 'bad_spec_file'
}

/** @throws SpecFileError if the name or the size rules the file out as a spec. */
export function checkSpecFile(name: string, bytes: number, types: readonly string[] = SPEC_TYPES): void {
  if (!types.includes(extensionOf(name)))
    throw new SpecFileError(
      `${name} cannot be read: attach an OpenAPI document, SQL or another supported document (${SPEC_TYPES.map((type) => `.${type}`).join(', ')}).`,
    )
  if (bytes > MAX_BYTES) throw tooLarge(name)
}

/** In lower case; empty for a name without one. */
export const extensionOf = (name: string | null): string =>
  /\.([a-z0-9]+)$/i.exec(name ?? '')?.[1]?.toLowerCase() ?? ''

/**
 * Downloads a spec from a platform. Redirects are not followed: an unauthorized request is redirected to a sign-in page,
 * and `headers` may hold a token.
 *
 * @throws SpecFileError if the file is invalid or could not be downloaded.
 */
export async function downloadSpec(file: {
  readonly name: string
  readonly url: string
  readonly platform: string
  readonly headers?: Readonly<Record<string, string>>
  /** Why the platform may return a page instead of the file. */
  readonly hint?: string
}): Promise<string> {
  const { name, url, platform, headers = {}, hint = `${platform} returned a sign-in page` } = file
  const failed = (cause: unknown) =>
    new SpecFileError(`${name} could not be fetched from ${platform}. Try again in a moment.`, { cause })
  let response: Response
  try {
    response = await fetch(url, { headers, redirect: 'error', signal: AbortSignal.timeout(DOWNLOAD_MS) })
  } catch (error) {
    throw failed(error)
  }
  if (!response.ok || !response.body) throw failed(new Error(`HTTP ${response.status}`))
  if (response.headers.get('content-type')?.startsWith('text/html'))
    throw new SpecFileError(`This app can’t read ${name}: ${hint}.`)

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
  const text = decodeText(Buffer.concat(chunks))
  if (text === null) throw new SpecFileError(`${name} is not text in UTF-8 or UTF-16.`)
  if (text.trim() === '') throw new SpecFileError(`${name} is empty.`)
  return text
}

const tooLarge = (name: string) => new SpecFileError(`${name} is too large: a spec may have at most 1 MB.`)
