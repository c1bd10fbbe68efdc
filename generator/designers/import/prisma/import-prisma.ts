import { DOCUMENT_LIMITS, type DocumentLimits } from '../document-limits.ts'
import type { ImportOptions, ImportResult } from '../import-result.ts'
import { SpecError } from '../spec-error.ts'
import { importSql } from '../sql/import-sql.ts'
import { parsePrisma } from './parse-prisma.ts'
import { tableName, toSql } from './to-sql.ts'

/** More than any table has. */
const MAX_FIELDS = 500

/** The Blueprint of a Prisma schema: an entity for each model, with its fields. Throws a `SpecError`. */
export function importPrisma(
  text: string,
  wish: ImportOptions,
  limits: DocumentLimits = DOCUMENT_LIMITS,
): ImportResult {
  const schema = parsePrisma(text)
  if (schema.models.length === 0)
    throw new SpecError('It has no models.', {
      hint: 'Add at least one model, such as `model Note { id Int @id }`.',
    })
  const wide = schema.models.find(({ fields }) => fields.length > MAX_FIELDS)
  if (wide) {
    throw new SpecError(
      `${wide.name} has ${wide.fields.length} fields, and at most ${MAX_FIELDS} are supported.`,
      {
        code: 'spec_unsupported',
        place: schema.placeOf(wide.name),
        hint: 'Split the model.',
      },
    )
  }
  const notes = new Set<string>()
  const result = importSql(toSql(schema, notes), wish, limits)
  const { models } = schema
  return {
    blueprint: {
      ...result.blueprint,
      description: `Made from ${models.length === 1 ? 'a model' : `${models.length} models`} of Prisma.`,
    },
    assumptions: [...notes, ...result.assumptions],
    placeOf: (path) => {
      const [, name, , field] = path.split('.')
      const table = result.blueprint.entities.find((one) => one.name === name)?.table
      const model = models.find((one) => tableName(one) === table)
      return model && schema.placeOf(model.name, field)
    },
    notUnderstood: [...schema.views.map((name) => `The view ${name}.`), ...result.notUnderstood],
  }
}
