import type { FieldType } from '#contract'
import { blueprintKind, type Coerced } from '../field-kinds.ts'

/** The value in the form of the type, if it says the same (`"3"` → 3, `"Draft"` → `draft`), and what was expected. */
export const coerce = (value: string | number | boolean, type: FieldType): Coerced =>
  blueprintKind(type).coerce(value)
