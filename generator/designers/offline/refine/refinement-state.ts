import type { Blueprint } from '#contract'
import type { Renames } from '../../../blueprint/renames.ts'

/** The result of the changes so far. */
export type State = { blueprint: Blueprint; renames: Renames; assumptions: string[]; notUnderstood: string[] }
