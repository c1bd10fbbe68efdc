import type { Design, Intent } from '../designer.ts'
import { detectSpec } from './detect-spec.ts'
import type { ImportResult, ImportOptions } from './import-result.ts'
import { importOpenApi } from './openapi/import-openapi.ts'
import { importSql } from './sql/import-sql.ts'

/** Designs a backend from an attached document. Throws a `SpecError` if the document is invalid. */
export async function designFromDocument({ prompt, spec, options }: Intent): Promise<Design> {
  const text = spec ?? ''
  const { blueprint, assumptions, notUnderstood } = await read(text, options)
  return {
    blueprint,
    assumptions: [
      `Routes and data come from the attached ${detectSpec(text) === 'sql' ? 'SQL definitions' : 'OpenAPI document'}, with its names.`,
      ...assumptions,
    ],
    notUnderstood: [...(saysMore(prompt) ? [wordsOf(prompt)] : []), ...notUnderstood],
    model: null,
  }
}

function read(text: string, wish: ImportOptions): Promise<ImportResult> | ImportResult {
  switch (detectSpec(text)) {
    case 'openapi':
      return importOpenApi(text, wish)
    case 'sql':
      return importSql(text, wish)
    case null:
      throw new Error('only documents that were detected are imported')
  }
}

const USUAL = new Set(
  `a an and api apis app application attached backend build by can create crud database db ddl definition definitions
   description do document documents express fastify file for from generate give given http implement in is it its json
   make me my need of on openapi oas operations out please project rest restful routes schema schemas server service
   some spec specification sql swagger tables that the this to typescript use using want we whole with write yaml you`
    .trim()
    .split(/\s+/),
)

/** Whether the prompt asks for more than building the document. */
const saysMore = (prompt: string): boolean =>
  (prompt.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).filter((word) => !USUAL.has(word)).length > 2

const wordsOf = (prompt: string): string =>
  `"${prompt.replace(/\s+/g, ' ').trim().slice(0, 300)}": the attached document decides what is built; a model that writes its operations also reads this text.`
