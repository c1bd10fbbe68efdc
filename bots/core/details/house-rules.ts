import type { HouseRules } from '#contract'
import { item, truncateLine, type Line } from '../reply.ts'

/** The longest line, in UTF-16 code units. */
const LINE = 300

/** The house rules that went into a plan or a backend. */
export const houseRulesSection = ({ words, from }: HouseRules): { heading: string; lines: Line[] } => ({
  heading: `House rules of this ${from === 'workspace' ? 'server or workspace' : 'channel'}`,
  lines: words
    .split('\n')
    .filter((rule) => rule.trim() !== '')
    .map((rule) => item(truncateLine(rule, LINE))),
})
