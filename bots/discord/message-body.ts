import { MessageFlags, type RESTPostAPIChannelMessageJSONBody } from 'discord.js'
import type { MessageMarker } from '../core/chat.ts'
import type { DiscordMessage } from './elements.ts'
import { markerId, nonceOf } from './message-marker.ts'

/** The request body of a message. */
export function bodyOf(
  { component, mentions }: DiscordMessage,
  mark: MessageMarker,
): RESTPostAPIChannelMessageJSONBody {
  return {
    components: [{ ...component, id: markerId(mark) }],
    flags: MessageFlags.IsComponentsV2,
    // Only these users are notified, whatever the text contains.
    allowed_mentions: { parse: [], users: [...mentions] },
    nonce: nonceOf(mark, component),
    enforce_nonce: true,
  }
}

const TYPES: Readonly<Record<string, string>> = { png: 'image/png', zip: 'application/zip' }

/**
 * Encodes a message and its file as one buffer. If the client streamed the form, a broken connection would throw an error
 * that cannot be caught.
 */
export async function multipart(message: object, file: { filename: string; bytes: Uint8Array }) {
  const form = new FormData()
  form.append(
    'files[0]',
    new Blob([Buffer.from(file.bytes)], {
      type: TYPES[file.filename.split('.').at(-1)!] ?? 'application/octet-stream',
    }),
    file.filename,
  )
  form.append('payload_json', JSON.stringify(message))
  const encoded = new Response(form)
  return {
    body: new Uint8Array(await encoded.arrayBuffer()),
    headers: { 'content-type': encoded.headers.get('content-type') ?? '' },
  }
}
