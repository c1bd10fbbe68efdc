import { z } from 'zod'

/** What is run inside a sandbox to measure tests, on stdin as one JSON document. */
export type MutantOrders = {
  /** The functions that are replaced; paths are relative to the project. */
  readonly files: readonly {
    readonly path: string
    readonly testPaths: readonly string[]
    readonly functionName: string
    /** The source of each mutant. */
    readonly mutants: readonly string[]
  }[]
  /** What to run, in this order: a file and one of its mutants. */
  readonly order: readonly (readonly [file: number, mutant: number])[]
  /** Milliseconds without progress before a process is killed: while it loads a project, and at most with one mutant. */
  readonly startMs: number
  readonly stallMs: number
}

const at = z.int().nonnegative()

/** What a process says of its place in the order. It runs a model's code, so it may say anything. */
export const MutantEvent = z.discriminatedUnion('kind', [
  /** `mostMs` is what its tests may take together. */
  z.strictObject({ kind: z.literal('begun'), at, mostMs: z.number() }),
  z.strictObject({ kind: z.literal('ended'), at, noticed: z.boolean() }),
  /** A test of a file that fails with its own function. */
  z.strictObject({ kind: z.literal('failing'), file: at, name: z.string().max(2000) }),
  /** No test of this file passes with its own function. */
  z.strictObject({ kind: z.literal('untested'), at }),
  z.strictObject({ kind: z.literal('done') }),
])
export type MutantEvent = z.infer<typeof MutantEvent>
