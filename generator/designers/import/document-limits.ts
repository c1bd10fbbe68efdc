/** How much of a document is read; operators may choose. */
export type DocumentLimits = { readonly maxTables: number }

export const DOCUMENT_LIMITS: DocumentLimits = { maxTables: 120 }
