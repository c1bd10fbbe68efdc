export type Rule =
  | { readonly column: string; readonly kind: 'values'; readonly values: readonly string[] }
  | { readonly column: string; readonly kind: 'numbers'; readonly numbers: readonly number[] }
  | { readonly column: string; readonly kind: 'range'; readonly min?: Bound; readonly max?: Bound }
  | { readonly column: string; readonly kind: 'length'; readonly max: number }
  /** The text is not empty. */
  | { readonly column: string; readonly kind: 'filled' }
  | { readonly column: string; readonly kind: 'present' }
  | { readonly column: string; readonly kind: 'pattern'; readonly pattern: string }

/** A number, which is part of the range or not. */
export type Bound = { readonly value: number; readonly isOpen: boolean }

/** What compares: a column, or the length of its text. */
export type Operand = { readonly column: string; readonly isLength: boolean }
