import { oneLine } from './text.ts'

/** A title after `###`: one line without the braces that REST clients replace. */
export function httpTitle(text: string): string {
  return oneLine(text).replaceAll(/[{}]/g, '')
}

/** A JSON body; braces in its strings that a REST client would take for a variable are escaped. */
export function httpJson(value: unknown): string {
  return JSON.stringify(value, null, 2)
    .replaceAll(
      /[\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g,
      (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
    )
    .replaceAll('{{', '{\\u007b')
}
