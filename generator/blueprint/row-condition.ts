import type { Index, Json, RowCondition } from '#contract'

/** The properties that an index compares, and those of its condition. */
export const indexNames = ({ properties, where = [] }: Index): string[] => [
  ...properties,
  ...where.map(({ property }) => property),
]

/** Whether a row with this value fulfils the condition. */
export function holds(rule: RowCondition, value: Json): boolean {
  switch (rule.is) {
    case 'null':
      return value === null
    case 'notNull':
      return value !== null
    case 'equal':
      return value === rule.value
    case 'notEqual':
      return value !== null && value !== rule.value
  }
}
