import { wordsOf } from '../../../blueprint/words.ts'
import type { Draft, DraftEntity, DraftField } from './draft.ts'

/** Bounds that everybody expects of ratings and prices; nothing else is bounded unless the prompt says so. */
export function applyUsualBounds(draft: Draft, entities: Iterable<DraftEntity>): void {
  const bounded = { ratings: false, prices: false }
  for (const { fields } of entities) {
    for (const field of fields) {
      const { type } = field
      if (type.kind !== 'integer' && type.kind !== 'number') continue
      if (type.min !== undefined || type.max !== undefined) continue
      const words = wordsOf(field.name)
      const last = words.at(-1) ?? ''
      // The average of no ratings may be 0.
      const isRating =
        /^(?:rating|stars)$/.test(last) && !words.some((word) => /^(?:average|avg|mean|total)$/.test(word))
      if (isRating && fits(field, 1, 5)) {
        field.type = { ...type, min: 1, max: 5 }
        bounded.ratings = true
      } else if (last === 'price' && fits(field, 0, Infinity)) {
        field.type = { ...type, min: 0 }
        bounded.prices = true
      }
    }
  }
  if (bounded.ratings) draft.assumptions.add('Ratings are from 1 to 5, since the prompt gives no range.')
  if (bounded.prices) draft.assumptions.add('Prices are at least 0, since the prompt gives no range.')
}

/** A default outside the bounds is what the prompt wants; an example is not. */
function fits(field: DraftField, min: number, max: number): boolean {
  const isInside = (value: unknown) => typeof value !== 'number' || (value >= min && value <= max)
  if (!isInside(field.example)) delete field.example
  return isInside(field.default)
}
