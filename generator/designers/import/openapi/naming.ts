import { spaced } from '../../../blueprint/words.ts'

export const label = (name: string): string => {
  const words = spaced(name)
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** Equal for names that differ only in case, underscores, dashes and spaces. */
export const simple = (text: string) => text.toLowerCase().replaceAll(/[ _-]/g, '')
