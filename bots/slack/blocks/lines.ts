import type { types } from '@slack/bolt'
import type { ResultLine } from '../../core/cards/notification.ts'
import { rich } from './elements.ts'

/** The lines of a message as rich text, without the small print. Consecutive items are one list. */
export const toElements = (
  lines: readonly ResultLine[],
  headingSign: string,
): (types.RichTextSection | types.RichTextList)[] =>
  groups(lines).map((group) => toElement(group, headingSign))

function groups(lines: readonly ResultLine[]): ResultLine[][] {
  const all: ResultLine[][] = []
  for (const line of lines) {
    const last = all.at(-1)
    if (line.as === 'small') continue
    if (line.as === 'item' && last?.[0]?.as === 'item') last.push(line)
    else all.push([line])
  }
  return all
}

function toElement(
  group: readonly ResultLine[],
  headingSign: string,
): types.RichTextSection | types.RichTextList {
  const [first] = group
  switch (first!.as) {
    case 'item':
      return {
        type: 'rich_text_list',
        style: 'bullet',
        elements: group.map(({ text }) => section([rich(text)])),
      }
    case 'heading':
      return section([{ ...rich(`${headingSign}${first!.text}`), style: { bold: true } }])
    case 'text':
    case 'small':
      return section([rich(first!.text)])
  }
}

export const section = (elements: types.RichTextElement[]): types.RichTextSection => ({
  type: 'rich_text_section',
  elements,
})
