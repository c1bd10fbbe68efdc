import { escapeMarkdown } from 'discord.js'

/** Escapes formatting, mentions and links. (Mentions would notify no one in any case: `allowed_mentions` is closed.) */
export const neutralise = (text: string): string =>
  escapeMarkdown(printable(text), {
    heading: true,
    bulletedList: true,
    numberedList: true,
    maskedLink: true,
  })
    // A zero-width space breaks up sequences that Discord would interpret.
    .replace(/@/g, '@\u200B')
    .replace(/:\/\//g, ':\u200B//')
    .replace(/</g, '<\u200B')
    .replace(/^(-# |> )/gm, '\u200B$1')

/** Escapes text for inline code and code blocks, so that it cannot close them. */
export const inCode = (text: string): string => printable(text).replace(/`/g, 'ˋ')

/** Removes control characters and those that would affect later text, such as direction overrides. */
export const printable = (text: string): string =>
  // eslint-disable-next-line no-control-regex -- these are removed
  text.replace(/[\u0000-\u0008\u000B-\u001F\u007F\u202A-\u202E\u2066-\u2069]/g, '').toWellFormed()
