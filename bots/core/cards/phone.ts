import type { ResultLine } from './notification.ts'

/**
 * What a phone shows of a message before it folds the rest under "see more". A line has about as many characters on a
 * narrow phone, measured in Discord, where it is narrower than in Slack.
 */
export const PHONE = { columns: 34, smallColumns: 43, lines: 12 } as const

/** The lines that a text takes on a phone, where lines break between words. */
export const phoneLines = (text: string, columns: number = PHONE.columns): number =>
  text.split('\n').reduce((sum, line) => sum + wrapped(line, columns), 0)

/** The lines of a message on a phone; items have a bullet in front. */
export const heightOf = (lines: readonly ResultLine[]): number =>
  lines.reduce((sum, { as, text }) => sum + phoneLines(text, COLUMNS[as]), 0)

const COLUMNS: Readonly<Record<ResultLine['as'], number>> = {
  text: PHONE.columns,
  heading: PHONE.columns,
  item: PHONE.columns - 2,
  small: PHONE.smallColumns,
}

function wrapped(line: string, columns: number): number {
  let lines = 1
  let used = 0
  for (const { length } of line.split(' ')) {
    const starts = used === 0
    if (!starts && used + 1 + length <= columns) used += 1 + length
    else {
      // A word that is longer than a line goes on in the next ones.
      lines += (starts ? 0 : 1) + Math.max(0, Math.ceil(length / columns) - 1)
      used = length % columns || Math.min(length, columns)
    }
  }
  return lines
}
