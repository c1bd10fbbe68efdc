import type { JobView } from '#contract'
import { headlineOf } from '../cards/card.ts'
import { titleOf } from '../cards/phrases.ts'
import {
  makeReply,
  small,
  text,
  title,
  truncateLine,
  type Button,
  type Line,
  type Piece,
  type Reply,
} from '../reply.ts'
import { sectionsOf, type Section } from './sections.ts'

/** A page fits into every chat with room for its heading and its place, in UTF-16 code units. */
const PAGE_LENGTH = 2_400
/** About three screens of a phone. */
const PAGE_LINES = 36
const PROMPT_EXCERPT = 150

/** The details of a job, one page of them. A page that does not exist is the nearest one. Pure. */
export function detailsReply(view: JobView, wanted = 0): Reply {
  const pages = pagesOf(sectionsOf(view))
  const at = Math.min(Math.max(0, wanted), pages.length - 1)
  const { jobId } = view
  const buttons: Button[] = [
    ...(at > 0 ? [{ action: 'previous_page' as const, jobId, page: at - 1 }] : []),
    ...(at < pages.length - 1 ? [{ action: 'next_page' as const, jobId, page: at + 1 }] : []),
  ]
  const place = pages.length === 1 ? [] : [small(`Page ${at + 1} of ${pages.length}`)]
  return makeReply([...(at === 0 ? introOf(view) : []), ...(pages[at] ?? []), ...place], buttons)
}

/** What the button of a page carries: the job and the page. */
export const pageSubject = ({ jobId, page }: { jobId: string; page: number }): string => `${jobId}.${page}`

/** Reads what `pageSubject` wrote; the first page for a job alone. */
export function readPageSubject(subject: string): { jobId: string; page: number } {
  const [jobId = '', page = '0'] = subject.split('.')
  return { jobId, page: /^\d{1,4}$/.test(page) ? Number(page) : 0 }
}

function introOf(view: JobView): Line[] {
  return [title(truncateLine(titleOf(view), PROMPT_EXCERPT)), text(headlineOf(view))]
}

/** A section of so few lines, such as the commands to run, is not split. */
const TOGETHER = 8

/** Sections one after another; one that is too long continues on the next page. */
function pagesOf(sections: readonly Section[]): Line[][] {
  const pages: Line[][] = [[]]
  let length = 0
  for (const { heading, lines } of sections) {
    let begun = false
    const all = heading.length + lines.reduce((sum, line) => sum + lengthOf(line), 0)
    const isSplit = length + all > PAGE_LENGTH || pages.at(-1)!.length + lines.length >= PAGE_LINES
    if (lines.length <= TOGETHER && isSplit && pages.at(-1)!.length > 0) {
      pages.push([])
      length = 0
    }
    for (const line of lines) {
      const page = pages.at(-1)!
      const size = lengthOf(line) + (begun ? 0 : heading.length)
      const isFull = length + size > PAGE_LENGTH || page.length >= PAGE_LINES
      // A heading never ends a page: it comes with its first line.
      if (isFull && page.length > 0) {
        pages.push([title(begun ? `${heading} (continued)` : heading), line])
        length = size + heading.length
      } else {
        if (!begun) page.push(title(heading))
        page.push(line)
        length += size
      }
      begun = true
    }
  }
  return pages
}

const lengthOf = ({ text: pieces }: Line): number =>
  pieces.reduce((sum, piece) => sum + wordsOf(piece).length, 2)

const wordsOf = (piece: Piece): string => (typeof piece === 'string' ? piece : Object.values(piece)[0]!)
