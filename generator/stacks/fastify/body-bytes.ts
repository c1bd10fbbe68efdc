/** JSON may escape a UTF-16 code unit as `\uXXXX`. */
const BYTES_PER_UNIT = 6
/** Numbers, dates, ids, a name with its quotes and comma. */
export const SMALL_BYTES = 64
/** Assumed size of unlimited lines, longer texts and open structures. */
const OPEN_LINE_BYTES = 8 * 1024
export const OPEN_TEXT_BYTES = 256 * 1024

/** The maximum size of a line of text in a body, in bytes; `units` is its limit in UTF-16 code units. */
export const bytesOfText = (units: number | undefined): number =>
  units === undefined ? OPEN_LINE_BYTES : units * BYTES_PER_UNIT + SMALL_BYTES
