import { singular, wordsOf } from '../../../blueprint/words.ts'
import { templateOf } from '../domains/index.ts'
import { FEATURES } from '../lexicon/features.ts'
import { looksLikeField } from '../lexicon/field-types.ts'
import type { Item, Phrase } from '../read/facts.ts'
import { nameOf } from '../read/phrase.ts'
import { namesRecords } from './record-nouns.ts'

// Classifies a noun by its words: a record, a feature, an actor or the program itself.

const GENERIC_ACTORS = new Set(
  'user person people anyone everyone visitor guest admin administrator client i we they member owner manager staff somebody someone public'.split(
    ' ',
  ),
)

export const isGenericActor = (phrase: Phrase) => GENERIC_ACTORS.has(singular(phrase.text.toLowerCase()))

export function isFeature(phrase: Phrase): boolean {
  const words = wordsOf(singular(phrase.text))
  return (
    FEATURES.has(words.at(-1) ?? '') ||
    words.some((word) =>
      [
        'stripe',
        'paypal',
        'pdf',
        'csv',
        'excel',
        'push',
        'webhook',
        'websocket',
        'oauth',
        'realtime',
        'automated',
        'automatic',
      ].includes(word),
    )
  )
}

/** A marker among the typical names: the program may have other entities too. */
export const LISTS_RECORDS = '*'

/** Whether a listed noun is an entity, not a value: plural, or with its own field list. */
export function isEntityItem(item: Item, app: boolean, usual: ReadonlySet<string>): boolean {
  if (
    item.spec.kind !== undefined ||
    item.spec.listOf !== undefined ||
    (item.spec.values !== undefined && !item.maybe)
  )
    return false
  if (item.phrase.tokens.some((token) => ['of', 'on', 'at', 'per', 'is', 'has', 'in'].includes(token.lower)))
    return false
  if (item.phrase.quantity === 'many' && item.phrase.plural) return true
  if (item.details.length > 0) {
    if (looksLikeField(item.phrase.text) && !item.phrase.plural) return false
    return (
      item.phrase.plural ||
      item.details.some((detail) => Object.keys(detail.spec).length > 0 || looksLikeField(detail.phrase.text))
    )
  }
  if (Object.keys(item.spec).length > 0 && !item.phrase.plural) return false
  const name = nameOf(item.phrase) ?? ''
  if (usual.has(name) && item.phrase.plural) return true
  // `with products, cart and orders`: the singular of something that is always an entity.
  if (
    app &&
    usual.has(LISTS_RECORDS) &&
    templateOf(name) !== null &&
    !looksLikeField(item.phrase.text) &&
    !isFeature(item.phrase)
  )
    return true
  return (
    item.phrase.plural &&
    !looksLikeField(item.phrase.text) &&
    !isFeature(item.phrase) &&
    (!app || namesRecords(item.phrase))
  )
}
