import { detectSpec } from './detect-spec.ts'
import type { Node } from './openapi/document.ts'
import { readDocument } from './openapi/read-document.ts'
import { readPostman } from './postman/read-postman.ts'

/** An attached document as OpenAPI 3, after it was converted and checked; null for documents without operations. */
export async function readAttachedOpenApi(spec: string): Promise<Node | null> {
  const text = spec.replace(/^\uFEFF/, '')
  switch (detectSpec(text)) {
    case 'openapi':
      return (await readDocument(text)).root
    case 'postman':
      return readPostman(text).root
    default:
      return null
  }
}
