import { z } from 'zod'

/**
 * What became of one operation of the attached document. `differs`: an answer is not what the document says; `unproven`:
 * all answers are valid, but none of them is a success.
 */
export const ConformanceFinding = z.object({
  /** As the document writes it: `GET /pets/{petId}`. */
  operation: z.string(),
  kind: z.enum(['differs', 'unproven']),
  what: z.string(),
  /** Where the report already says that it is built differently: those words. Null where nothing says so. */
  noted: z.string().nullable(),
})
export type ConformanceFinding = z.infer<typeof ConformanceFinding>

/** How the answers of the running project compare with the attached document. */
export const Conformance = z.object({
  /** All operations of the document. */
  operations: z.int().nonnegative(),
  /** Those whose every answer is valid, a success among them. */
  conforming: z.int().nonnegative(),
  /** `POST /pets/{petId}/scan`: those that answer 501 because nobody has written them. */
  stubs: z.array(z.string()),
  findings: z.array(ConformanceFinding),
  /** Requests that were sent. */
  requests: z.int().nonnegative(),
})
export type Conformance = z.infer<typeof Conformance>

/** "17 of 18 operations conform to the document, 3 stubs". The stubs are not among the 18. */
export function describeConformance({ operations, conforming, stubs }: Conformance): string {
  const written = operations - stubs.length
  if (operations > 0 && written === 0) return 'all operations are stubs'
  const left = stubs.length === 0 ? '' : `, ${stubs.length} ${stubs.length === 1 ? 'stub' : 'stubs'}`
  return `${conforming} of ${written} ${written === 1 ? 'operation' : 'operations'} conform to the document${left}`
}

/** "GET /pets differs: …; the report says so". */
export function describeFinding({ operation, kind, what, noted }: ConformanceFinding): string {
  const known = noted === null ? '' : ` (as noted: ${noted})`
  return kind === 'differs' ? `${operation} differs: ${what}${known}` : `${operation} is unproven: ${what}`
}
