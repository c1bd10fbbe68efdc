import type { Json } from '#contract'

/** A value as JSON, cut after 60 UTF-16 code units. */
export const short = (value: Json): string => {
  const text = JSON.stringify(value)
  return text.length > 60 ? `${text.slice(0, 60)}…` : text
}

/** The first ten names, separated by commas. */
export const listed = (names: readonly string[]): string =>
  names.length > 10 ? `${names.slice(0, 10).join(', ')}, …` : names.join(', ')
