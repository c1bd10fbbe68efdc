import type { SourcePosition } from '../spec-error.ts'

/** A key that its object has already. */
export type Doubled = { readonly name: string; readonly place: SourcePosition }

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Two objects under one key are read as one: a path is often written once for each method. Of other values, the later counts. */
export const mergeDoubled = (before: unknown, after: unknown): unknown =>
  isMap(before) && isMap(after)
    ? Object.fromEntries(new Map([...Object.entries(before), ...Object.entries(after)]))
    : after
