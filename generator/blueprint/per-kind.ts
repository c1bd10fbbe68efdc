import type { FieldType, Shape } from '#contract'

export type FieldKind = FieldType['kind']

type Bounds = { readonly min?: number | undefined; readonly max?: number | undefined }

/** One value in a request or an answer, as a path or a query can hold it too. */
export type PlainShape = Exclude<Shape, { kind: 'array' | 'object' | 'record' | 'any' | 'entity' }>
type BoundedKind = Exclude<PlainShape['kind'], 'enum'>

/**
 * What is known of the values of a kind, the same for a field and for a plain shape: `min` and `max` are of numbers
 * their value, and of strings their length.
 */
export type ValueType<Kind extends FieldKind> = Kind extends BoundedKind
  ? { readonly kind: Kind } & Bounds
  : Extract<FieldType, { kind: Kind }>

/** An entry for every kind of field. Each layer has one such table, so that the compiler finds those that lack a kind. */
export type PerKind<Entry> = { readonly [Kind in FieldKind]: (type: ValueType<Kind>) => Entry }

/** Looks the entry of a type up in the table of a layer. */
export const lookUpKind =
  <Entry>(table: PerKind<Entry>) =>
  (type: FieldType | PlainShape): Entry => {
    // The compiler cannot see that the entry and the type are of one kind.
    const entry = table[type.kind] as (type: ValueType<FieldKind>) => Entry
    return entry('maxLength' in type ? { kind: type.kind, max: type.maxLength } : type)
  }
