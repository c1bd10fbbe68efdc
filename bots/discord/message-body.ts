import { MessageFlags, type RESTPostAPIChannelMessageJSONBody } from 'discord.js'
import type { MessageMarker } from '../core/chat.ts'
import type { DiscordMessage } from './components.ts'
import { markerId, nonceOf } from './message-marker.ts'

/** What Discord is sent for a message of ours. */

export function bodyOf(
  { component, mentions }: DiscordMessage,
  mark: MessageMarker,
): RESTPostAPIChannelMessageJSONBody {
  return {
    components: [{ ...component, id: markerId(mark) }],
    flags: MessageFlags.IsComponentsV2,
    // Only whoever is named here is called, whatever the text says.
    allowed_mentions: { parse: [], users: [...mentions] },
    nonce: nonceOf(mark, component),
    enforce_nonce: true,
  }
}

/**
 * A message with a zip, as one piece. A form that the client itself turns into a stream throws where nobody can catch it
 * when the connection breaks in the middle.
 */
export async function multipart(message: object, file: { filename: string; bytes: Uint8Array }) {
  const form = new FormData()
  form.append('files[0]', new Blob([Buffer.from(file.bytes)], { type: 'application/zip' }), file.filename)
  form.append('payload_json', JSON.stringify(message))
  const encoded = new Response(form)
  return {
    body: new Uint8Array(await encoded.arrayBuffer()),
    headers: { 'content-type': encoded.headers.get('content-type') ?? '' },
  }
}
