/**
 * The text of a message as typed: without the mention of the bot, and with Slack's markup for links, people and channels
 * converted back to text.
 */
export function typedText(markup: string, botUserId: string): string {
  return unescape(
    markup
      .replaceAll(new RegExp(`<@${botUserId}(\\|[^>]*)?>`, 'g'), ' ')
      .replaceAll(/<@([A-Z0-9]+)(?:\|([^>]*))?>/g, (_, id: string, name?: string) => `@${name || id}`)
      .replaceAll(/<#([A-Z0-9]+)(?:\|([^>]*))?>/g, (_, id: string, name?: string) => `#${name || id}`)
      .replaceAll(
        /<!([a-z]+)(?:\^[^>|]*)?(?:\|([^>]*))?>/g,
        (_, kind: string, label?: string) => label || `@${kind}`,
      )
      .replaceAll(/<([a-z]+:[^>|]+)(?:\|([^>]*))?>/g, (_, url: string, label?: string) =>
        label === undefined || url.endsWith(label) ? url : `${label} (${url})`,
      ),
  )
    .replaceAll(/[ \t]+/g, ' ')
    .trim()
}

/** Slack escapes only these three characters in messages and command text. */
export const unescape = (text: string) =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')
