import { z } from 'zod'

/** What several operations or tasks do alike. Its code is written once, in a file of its own that theirs import. */

const CamelName = z.string().regex(/^[a-z][a-zA-Z0-9]{0,59}$/)
/** Free text. */
const Sentence = z.string().trim().min(1).max(500)

export const Helper = z.strictObject({
  /** Names its file and function; unique among helpers, operations and tasks. */
  id: CamelName,
  /** What it is for. */
  description: Sentence,
  /** What it does, one rule per entry: what it takes and answers, in plain words. */
  rules: z.array(Sentence).min(1).max(20),
  /** The ids of the operations and tasks whose code calls it. */
  usedBy: z.array(CamelName).min(1).max(100),
})
export type Helper = z.infer<typeof Helper>

/** The display name of a shared helper in reports and logs. */
export const helperTitle = ({ id }: Pick<Helper, 'id'>): string => `shared helper ${id}`
