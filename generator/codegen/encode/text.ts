/**
 * Untrusted text on one line: line breaks, control characters and characters that reorder what a
 * reader sees become spaces. Safe to put where only the syntax around it has to be escaped.
 */
export function oneLine(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]+/gu, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
}
