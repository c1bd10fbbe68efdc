import type { FieldType } from '#contract'
import { blueprintKind, type Coerced } from '../field-kinds.ts'

/** Coerces a value to the type if that loses nothing (`"3"` → 3, `"Draft"` → `draft`), and says what was expected. */
export const coerce = (value: string | number | boolean, type: FieldType): Coerced =>
  blueprintKind(type).coerce(value)
