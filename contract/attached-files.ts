/**
 * Several files as one document: the main one, and after a line `=== file: models/pet.yaml ===` each another, named as the main
 * one refers to it. So the lines of the main one stay as they are.
 */

const SEPARATOR = /(?:^|\n)=== file: ([^\n]{1,300}?) ===\r?(?:\n|$)/

export type AttachedText = { readonly name: string; readonly text: string }

export const joinFiles = (main: string, others: readonly AttachedText[]): string =>
  [main, ...others.map(({ name, text }) => `=== file: ${name} ===\n${text}`)].join('\n')

export function splitFiles(document: string): { readonly main: string; readonly others: AttachedText[] } {
  const [main = '', ...rest] = document.split(SEPARATOR)
  const others: AttachedText[] = []
  for (let at = 0; at + 1 < rest.length; at += 2) others.push({ name: rest[at]!, text: rest[at + 1]! })
  return { main, others }
}
