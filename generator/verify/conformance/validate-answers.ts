import type { ErrorObject, ValidateFunction } from 'ajv'
import { toAnswerSchemas } from './answer-schemas.ts'
import { oneLine } from '../outcome.ts'
import type { Node } from './document.ts'

const ROOT = 'https://document.invalid/'
const MAX_ERRORS = 3

/** Says what is wrong with a value by the schema at a JSON pointer of the document; null if it fits. */
export type ValidateAt = (pointer: string, value: unknown) => string | null
export type Validators = { readonly body: ValidateAt; readonly header: ValidateAt }

/** Loaded on first use: it takes a tenth of a second. */
export async function makeValidators(document: Node): Promise<Validators> {
  const [{ Ajv2020 }, formats] = await Promise.all([import('ajv/dist/2020.js'), import('ajv-formats')])
  const schemas = toAnswerSchemas(document)
  const make = (coerceTypes: boolean): ValidateAt => {
    const ajv = new Ajv2020({
      strict: false,
      validateSchema: false,
      logger: false,
      coerceTypes,
      addUsedSchema: false,
    })
    // The default export of a CommonJS module.
    const addFormats = formats.default as unknown as typeof formats.default.default
    addFormats(ajv)
    ajv.addSchema({ ...schemas, $id: ROOT } as object)
    const compiled = new Map<string, ValidateFunction | null>()
    return (pointer, value) => {
      if (!compiled.has(pointer))
        compiled.set(
          pointer,
          compile(() => ajv.compile({ $ref: `${ROOT}${pointer}` })),
        )
      const validate = compiled.get(pointer)
      if (!validate || validate(value) === true) return null
      return describeErrors(validate.errors ?? [])
    }
  }
  return { body: make(false), header: make(true) }
}

/** Null for a schema that no validator takes: it says nothing that an answer could break. */
function compile(work: () => ValidateFunction): ValidateFunction | null {
  try {
    return work()
  } catch {
    return null
  }
}

/** Keywords whose message only says that a branch fails; the branch says more. */
const BRANCHES = new Set(['oneOf', 'anyOf', 'allOf', 'if', '$ref', 'not'])

function describeErrors(errors: readonly ErrorObject[]): string {
  const said = errors.filter(({ keyword }) => !BRANCHES.has(keyword))
  const lines = (said.length > 0 ? said : errors).map(({ instancePath, message, params }) => {
    const place = instancePath === '' ? 'the body' : instancePath.slice(1).replaceAll('/', '.')
    const values = params['allowedValues'] as unknown
    const extra = params['additionalProperty'] ?? params['unevaluatedProperty']
    const of = Array.isArray(values) ? ` (${values.slice(0, 8).join(', ')})` : ''
    return `${place} ${message ?? 'does not fit'}${of}${typeof extra === 'string' ? ` (${extra})` : ''}`
  })
  return oneLine([...new Set(lines)].slice(0, MAX_ERRORS).join('; '), 300)
}
