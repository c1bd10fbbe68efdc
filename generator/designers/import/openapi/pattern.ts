import { Pattern } from '#contract'
import { patternFault } from '../../../blueprint/text-pattern.ts'
import type { Node } from './document.ts'
import type { Notes } from './notes.ts'

/** The pattern of a text that is sent, if it can be enforced; a note says why one cannot. */
export function patternOf(
  node: Node,
  lengths: { readonly min?: number; readonly max?: number },
  about: string,
  notes: Notes,
): { pattern?: string } {
  const given = node['pattern']
  if (given === undefined) return {}
  const { success, data: pattern } = Pattern.safeParse(given)
  const fault = success ? patternFault({ pattern, ...lengths }) : 'it is no short text'
  if (fault === null && success) return { pattern }
  notes.add(`${about}: pattern is not enforced: ${fault}.`)
  return {}
}
