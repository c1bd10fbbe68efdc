/** Helpers for the text of assumptions. */

/** `an author`, `a book`. */
export function a(noun: string, article: 'a' | 'A' = 'a'): string {
  return `${article}${/^[aeiou](?!ni|se|ne)/i.test(noun) ? 'n' : ''} ${noun}`
}

/** `a, b and c`. */
export function listed(words: readonly string[]): string {
  if (words.length < 2) return words[0] ?? ''
  return `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`
}
