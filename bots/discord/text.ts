import { escapeMarkdown } from 'discord.js'

/** Shows as the text it is: no formatting, no mention, no link. Nobody is called either way: `allowed_mentions` is closed. */
export const neutralise = (text: string): string =>
  escapeMarkdown(printable(text), {
    heading: true,
    bulletedList: true,
    numberedList: true,
    maskedLink: true,
  })
    // A zero-width space parts what only together means something to Discord.
    .replace(/@/g, '@\u200B')
    .replace(/:\/\//g, ':\u200B//')
    .replace(/</g, '<\u200B')
    .replace(/^(-# |> )/gm, '\u200B$1')

/** The inside of a block or a piece of code, which it cannot end. */
export const inCode = (text: string): string => printable(text).replace(/`/g, 'ˋ')

/** Without characters that would change the look of what follows, such as a change of direction. */
export const printable = (text: string): string =>
  // eslint-disable-next-line no-control-regex -- these are what is looked for
  text.replace(/[\u0000-\u0008\u000B-\u001F\u007F\u202A-\u202E\u2066-\u2069]/g, '').toWellFormed()
