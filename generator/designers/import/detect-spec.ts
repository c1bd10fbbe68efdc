import { splitFiles } from '#contract'

export type SpecKind = 'openapi' | 'sql' | 'prisma' | 'postman' | 'graphql' | 'json-schema'

/** What each kind is called in a report. */
export const SPEC_NAMES: Readonly<Record<SpecKind, string>> = {
  openapi: 'OpenAPI document',
  sql: 'SQL definitions',
  prisma: 'Prisma schema',
  postman: 'Postman collection',
  graphql: 'GraphQL schema',
  'json-schema': 'JSON Schema',
}

/** Where a document of any size begins. */
const HEAD = 200_000

/**
 * The kind of an attached document, by its content; null for other text, which only a model can read. The version of
 * OpenAPI may stand anywhere in a document, also at its end. Of several files, the first decides.
 */
export function detectSpec(document: string): SpecKind | null {
  const text = splitFiles(document).main
  const head = text.slice(0, HEAD)
  // Each pattern stays within a line or starts at a word: `\s*` after `^` would backtrack over empty lines.
  if (/^\s*\{/.test(head)) return detectJson(text, head)
  if (/^[^\S\n]*(["']?)(openapi|swagger)\1[^\S\n]*:/m.test(head)) return 'openapi'
  if (/^(["']?)(openapi|swagger)\1[^\S\n]*:[^\S\n]*["']?[1-9]/m.test(text.slice(HEAD)) && !isSql(head))
    return 'openapi'
  if (isPrisma(text)) return 'prisma'
  if (isSql(text)) return 'sql'
  if (/^(["']?)\$schema\1[^\S\n]*:[^\S\n]*["']?https?:\/\/json-schema\.org\//m.test(text))
    return 'json-schema'
  return isGraphql(text) ? 'graphql' : null
}

function detectJson(text: string, head: string): SpecKind | null {
  if (/"(openapi|swagger)"\s{0,20}:/.test(head) || /"(openapi|swagger)"\s{0,20}:\s{0,20}"?[1-9]/.test(text))
    return isCollection(text) ? 'postman' : 'openapi'
  if (isCollection(text)) return 'postman'
  return /"\$schema"\s{0,20}:\s{0,20}"https?:\/\/json-schema\.org\//.test(text) ? 'json-schema' : null
}

const isCollection = (text: string): boolean =>
  /"https?:\/\/schema\.(getpostman|postman)\.com\/((json\/)?(draft-07\/)?collection\/|#[12]\.)/.test(text) ||
  (/"_postman_id"\s{0,20}:/.test(text) && /"item"\s{0,20}:/.test(text))

const isSql = (text: string): boolean =>
  /\bcreate\s+(global\s+|local\s+)?(temp(orary)?\s+|unlogged\s+)?table\b/i.test(text)

const isPrisma = (text: string): boolean =>
  /^[^\S\n]*(model|view)[^\S\n]+\w+[^\S\n]*\{[^\S\n]*(\r?$|\/\/)/m.test(text) &&
  (/[^\S\n]@@?(id|unique|default|relation|map|updatedAt)\b/.test(text) ||
    /^[^\S\n]*datasource[^\S\n]+\w+[^\S\n]*\{/m.test(text))

const isGraphql = (text: string): boolean =>
  /^[^\S\n]*(extend[^\S\n]+)?(type|interface|input)[^\S\n]+\w{1,100}\b[^{}\n]{0,400}\{/m.test(text) &&
  /^[^\S\n]*\w{1,100}[^\S\n]*:[^\S\n]*\[*[^\S\n]*[A-Z]\w*/m.test(text)
