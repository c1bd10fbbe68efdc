import type { FieldType, Shape } from '#contract'

export type FieldKind = FieldType['kind']

type Bounds = { readonly min?: number | undefined; readonly max?: number | undefined }

/** A single value in a request or response, also valid in a path or query. */
export type PlainShape = Exclude<Shape, { kind: 'array' | 'object' | 'record' | 'any' | 'entity' }>
type BoundedKind = Exclude<PlainShape['kind'], 'enum'> | 'text'

/**
 * The type of the values of a kind, the same for a field and a plain shape: `min` and `max` limit the value of numbers
 * and the length of strings, and `pattern` strings alone.
 */
export type ValueType<Kind extends FieldKind> = Kind extends BoundedKind
  ? { readonly kind: Kind; readonly pattern?: string | undefined } & Bounds
  : Extract<FieldType, { kind: Kind }>

/** An entry for every kind of field. Each layer has one such table, so the compiler finds missing kinds. */
export type PerKind<Entry> = { readonly [Kind in FieldKind]: (type: ValueType<Kind>) => Entry }

/** Looks up the entry of a type in a layer's table. */
export const lookUpKind =
  <Entry>(table: PerKind<Entry>) =>
  (type: FieldType | PlainShape): Entry => {
    // The compiler cannot see that the entry and the type have the same kind.
    const entry = table[type.kind] as (type: ValueType<FieldKind>) => Entry
    if (!('maxLength' in type)) return entry(type)
    const { maxLength: max, ...rest } = type
    return entry({ ...rest, max })
  }
