import type { Design, Intent } from '../designer.ts'
import { checkDesign, placeInSql } from './check-design.ts'
import { splitFiles } from '#contract'
import { detectSpec, SPEC_NAMES, type SpecKind } from './detect-spec.ts'
import { DOCUMENT_LIMITS, type DocumentLimits } from './document-limits.ts'
import type { ImportResult, ImportOptions } from './import-result.ts'
import { readGraphql } from './graphql/read-graphql.ts'
import { readJsonSchema } from './json-schema/read-json-schema.ts'
import { importDocument, importOpenApi } from './openapi/import-openapi.ts'
import { readPostman } from './postman/read-postman.ts'
import { importPrisma } from './prisma/import-prisma.ts'
import { importSql } from './sql/import-sql.ts'

/** Designs a backend from an attached document. Throws a `SpecError` if the document is invalid. */
export async function designFromDocument({
  prompt,
  spec,
  options,
  limits = DOCUMENT_LIMITS,
}: Intent & { readonly limits?: DocumentLimits }): Promise<Design> {
  // A mark of the byte order is no part of a document.
  const given = (spec ?? '').replace(/^\uFEFF/, '')
  const kind = detectSpec(given)
  const { main, others } = splitFiles(given)
  // References of OpenAPI lead to other files; definitions follow each other.
  const followsOn = kind === 'sql' || kind === 'prisma' || kind === 'graphql'
  const text =
    kind === 'openapi' ? given : [main, ...(followsOn ? others : []).map((one) => one.text)].join('\n')
  const result = await read(kind, text, options, limits)
  checkDesign(result)
  const { blueprint, assumptions, notUnderstood, document, beyondRows } = result
  return {
    blueprint,
    assumptions: [
      `Routes and data come from the attached ${kind === null ? 'document' : SPEC_NAMES[kind]}, with its names.`,
      ...assumptions,
    ],
    notUnderstood: [...(saysMore(prompt) ? [wordsOf(prompt)] : []), ...notUnderstood],
    // The others have no operations of their own.
    ...(document && (kind === 'openapi' || kind === 'postman') && { document }),
    ...(beyondRows && { beyondRows }),
    model: null,
  }
}

function read(
  kind: SpecKind | null,
  text: string,
  wish: ImportOptions,
  limits: DocumentLimits,
): Promise<ImportResult> | ImportResult {
  switch (kind) {
    case 'openapi':
      return importOpenApi(text, wish, limits)
    case 'sql': {
      const result = importSql(text, wish, limits)
      return {
        ...result,
        placeOf: (path) => {
          const [, name, , field] = path.split('.')
          const table = result.blueprint.entities.find((one) => one.name === name)?.table
          return table === undefined ? undefined : placeInSql(text, table, field)
        },
      }
    }
    case 'prisma':
      return importPrisma(text, wish, limits)
    case 'postman':
      return importDocument(readPostman(text), wish, limits)
    case 'graphql': {
      const { missing, ...document } = readGraphql(text)
      const result = importDocument(document, wish, limits)
      return { ...result, notUnderstood: [...missing, ...result.notUnderstood] }
    }
    case 'json-schema':
      return importDocument(readJsonSchema(text), wish, limits)
    case null:
      throw new Error('only documents that were detected are imported')
  }
}

const USUAL = new Set(
  `a an and api apis app application attached backend build by can create crud database db ddl definition definitions
   description do document documents express fastify file for from generate give given graphql http implement in is it its json
   make me my need of on openapi oas operations out please postman prisma project rest restful routes schema schemas server service
   some spec specification sql swagger tables that the this to typescript use using want we whole with write yaml you`
    .trim()
    .split(/\s+/),
)

/** Whether the prompt asks for more than building the document. */
const saysMore = (prompt: string): boolean =>
  (prompt.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).filter((word) => !USUAL.has(word)).length > 2

const wordsOf = (prompt: string): string =>
  `"${prompt.replace(/\s+/g, ' ').trim().slice(0, 300)}": the attached document decides what is built; a model that writes its operations also reads this text.`
