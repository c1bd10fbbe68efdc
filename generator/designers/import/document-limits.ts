/** How much of a document is read; operators may choose. */
export type DocumentLimits = { readonly maxTables: number; readonly maxOperations: number }

export const DOCUMENT_LIMITS: DocumentLimits = { maxTables: 120, maxOperations: 250 }
