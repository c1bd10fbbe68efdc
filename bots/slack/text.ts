/*
 * What people wrote goes into plain or rich text elements, where Slack reads no markup. The one exception is a message's
 * `text`, for notifications and for clients without blocks, which is always read as markup.
 */

/** Shows as the text it is where Slack reads markup: no mention, no link, no formatting. */
export const neutralise = (text: string) =>
  text
    // A zero-width space parts what only together means something to Slack.
    .replace(/@/g, '@\u200B')
    .replace(/:\/\//g, ':\u200B//')
    .replace(/\.(?=\p{L})/gu, '.\u200B')
    .replace(/[*_~`]/g, '\u200B$&\u200B')
    .replace(/[&<>]/g, escaped)

/** For words of our own making, which people may want to copy: no mention and no link, but perhaps formatting. */
export const escape = (text: string) => text.replace(/[&<>]/g, escaped)

const escaped = (character: string) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[character] ?? character

/** Without characters that Slack refuses or that would change the look of what follows, such as a change of direction. */
export const printable = (text: string) =>
  // eslint-disable-next-line no-control-regex -- these are what is looked for
  text.replace(/[\u0000-\u0008\u000B-\u001F\u007F\u202A-\u202E\u2066-\u2069]/g, '').toWellFormed()
