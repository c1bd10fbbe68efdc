import { z } from 'zod'

/**
 * Names as people see them in JSON, exactly as a document writes them: `dueDate`, `first name`, `X-Rate`, `größe`. Without
 * quotation marks and backslashes, so that they are safe in every language that they are printed in.
 */

const HAS_WORD = String.raw`(?=.*[\p{L}\p{N}_$])`
const NO_SPACE_AROUND = '(?! )(?!.* $)'
const CHARACTERS = String.raw`\p{L}\p{M}\p{N}_$@:()%#&+ \-`

/** A property of a body or a parameter of a query: also `page[size]` and `odata.type`. */
export const PROPERTY_NAME = new RegExp(String.raw`^${NO_SPACE_AROUND}[${CHARACTERS}/.[\]]{1,80}$`, 'u')
export const PropertyName = z.string().regex(PROPERTY_NAME)

/** A property of a row. Others would make messages ambiguous: `: ` separates names in those of databases, `/` in those of zod. */
export const ROW_NAME = new RegExp(
  String.raw`^${NO_SPACE_AROUND}${HAS_WORD}(?!.*: )[${CHARACTERS}]{1,63}$`,
  'u',
)
/** A name that is also an identifier in code. */
export const IDENTIFIER = /^[a-zA-Z_$][a-zA-Z0-9_$]*$/
export const RowName = z.string().regex(ROW_NAME)
