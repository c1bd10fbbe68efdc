/*
 * User text goes into plain or rich text elements, where Slack parses no markup. The exception is a message's `text`, for
 * notifications and clients without blocks, which is always parsed as markup.
 */

/** Neutralizes text where Slack parses markup: no mentions, links or formatting. */
export const neutralise = (text: string) =>
  text
    // A zero-width space breaks up markup sequences.
    .replace(/@/g, '@\u200B')
    .replace(/:\/\//g, ':\u200B//')
    .replace(/\.(?=\p{L})/gu, '.\u200B')
    .replace(/[*_~`]/g, '\u200B$&\u200B')
    .replace(/[&<>]/g, escaped)

const escaped = (character: string) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[character] ?? character

/** Removes characters that Slack rejects or that affect following text, such as bidirectional overrides. */
export const printable = (text: string) =>
  // eslint-disable-next-line no-control-regex -- these characters are removed
  text.replace(/[\u0000-\u0008\u000B-\u001F\u007F\u202A-\u202E\u2066-\u2069]/g, '').toWellFormed()
