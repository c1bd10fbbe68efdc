import { spaced } from '../../../blueprint/words.ts'

/** A valid column name. */
export const ROW_NAME = /^[a-zA-Z_][a-zA-Z0-9_]{0,62}$/

export const label = (name: string): string => {
  const words = spaced(name)
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** Equal for names that differ only in case, underscores and dashes. */
export const simple = (text: string) => text.toLowerCase().replaceAll(/[_-]/g, '')
