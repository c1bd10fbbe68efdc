/**
 * What a phone shows of a message before it folds the rest under "see more". A line of text has about 40 characters on a
 * narrow phone, in both chats.
 */
export const PHONE = { columns: 40, lines: 12 } as const

/** The lines that a text takes on a phone; items have a bullet in front. */
export const phoneLines = (text: string, indent = 0): number =>
  text
    .split('\n')
    .reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / (PHONE.columns - indent))), 0)
