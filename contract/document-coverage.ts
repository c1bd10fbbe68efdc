import { z } from 'zod'

export const DOCUMENT_PARTS = [
  'operation',
  'parameter',
  'schema',
  'errors',
  'security',
  'server',
  'callback',
  'link',
  'webhook',
  'extension',
] as const
export const DocumentPartKind = z.enum(DOCUMENT_PARTS)
export type DocumentPartKind = z.infer<typeof DocumentPartKind>

/** A part of an attached document that is not served as it is stated there. */
export const DocumentPart = z.object({
  kind: DocumentPartKind,
  /** As the document writes it: `GET /pets/{petId}`, `limit of GET /pets`, `Pet`. */
  name: z.string(),
  served: z.enum(['differently', 'left out']),
  /** What is served in its place, or why it is left out. */
  how: z.string(),
})
export type DocumentPart = z.infer<typeof DocumentPart>

/** What became of every part of an attached document. */
export const DocumentCoverage = z.object({
  counts: z.array(
    z.object({
      kind: DocumentPartKind,
      asStated: z.int().nonnegative(),
      differently: z.int().nonnegative(),
      leftOut: z.int().nonnegative(),
    }),
  ),
  /** All that are not served as stated. */
  parts: z.array(DocumentPart),
})
export type DocumentCoverage = z.infer<typeof DocumentCoverage>

const PLURAL: Readonly<Record<DocumentPartKind, readonly [string, string]>> = {
  operation: ['operation', 'operations'],
  parameter: ['parameter', 'parameters'],
  schema: ['schema', 'schemas'],
  errors: ['form of errors', 'forms of errors'],
  security: ['security scheme', 'security schemes'],
  server: ['server', 'servers'],
  callback: ['callback', 'callbacks'],
  link: ['link', 'links'],
  webhook: ['webhook', 'webhooks'],
  extension: ['extension', 'extensions'],
}

/** "18 operations: 17 as stated, 1 left out", a line for each kind that the document has. */
export const describeCoverage = ({ counts }: DocumentCoverage): string[] =>
  counts.map(({ kind, asStated, differently, leftOut }) => {
    const all = asStated + differently + leftOut
    const parts = [
      ...(asStated > 0 ? [`${asStated} as stated`] : []),
      ...(differently > 0 ? [`${differently} differently`] : []),
      ...(leftOut > 0 ? [`${leftOut} left out`] : []),
    ]
    return `${all} ${PLURAL[kind][all === 1 ? 0 : 1]}: ${parts.join(', ')}`
  })
