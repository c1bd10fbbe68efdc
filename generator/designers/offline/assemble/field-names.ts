import { singular, toCamel, toPascal, wordsOf } from '../../../blueprint/words.ts'
import type { Phrase } from '../read/facts.ts'
import type { DraftEntity, DraftField } from './draft.ts'

/** Field specification → field. */
const AUTOMATIC = new Set([
  'id',
  'createdat',
  'updatedat',
  'createdon',
  'updatedon',
  'datecreated',
  'createddate',
  'modifiedat',
  'timestamps',
  'uuid',
  'ids',
])

const UNSAFE = new Set([
  'constructor',
  'prototype',
  'proto',
  'hasOwnProperty',
  'toString',
  'valueOf',
  'toJSON',
])

export const PASSWORD = /^(password|passwordHash|hashedPassword|passwd|pwd|passwordConfirmation)$/

export const isAutomatic = (name: string) => AUTOMATIC.has(name.toLowerCase())

export function fieldName(text: string): string | null {
  const name = toCamel(text)
  if (name === null) return null
  return UNSAFE.has(name) ? `${name.slice(0, 50)}Name` : name
}

export function labelOf(text: string): string {
  const words = text
    .replaceAll('_', ' ')
    .replace(/(?<=[a-z])(?=[A-Z][a-z])/g, ' ')
    .trim()
    .slice(0, 150)
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** Finds the field of a phrase, with or without a leading entity name. */
export function findField(entity: DraftEntity, phrase: Phrase): DraftField | null {
  const names = [toCamel(phrase.text), toCamel(singular(phrase.text))]
  const words = wordsOf(phrase.text)
  if (words.length > 1 && entity.name.startsWith(toPascal(singular(words[0]!)) ?? '-')) {
    const rest = words.slice(1).join(' ')
    names.push(toCamel(rest), toCamel(singular(rest)))
  }
  return entity.fields.find((field) => names.includes(field.name)) ?? null
}
