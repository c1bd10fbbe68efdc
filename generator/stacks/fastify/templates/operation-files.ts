import { takesParts, type RequestFile } from '#contract'
import { stringLiteral } from '../../../codegen/encode/typescript.ts'
import { oneLine } from '../../../codegen/encode/text.ts'
import type { Imports } from '../../../codegen/imports.ts'
import { sampleOf } from '../../../codegen/sample-of.ts'
import type { NamedOperation } from '../custom-operations.ts'
import { jsonCode, sampleType } from './operation-call.ts'

// The files of a multipart body: in its schema, and in tests.

/** The properties of the body that are files. */
export function filesCode(files: readonly RequestFile[], imports: Imports): string {
  return files
    .map(({ name, required, isList, types, description }) => {
      const file = `${imports.value('../../http/multipart-bodies.ts', 'uploadedFile')}(${types ? `[${types.map(stringLiteral).join(', ')}]` : ''})`
      const said = oneLine(description ?? '')
      const schema = isList ? `${imports.value('zod', 'z')}.array(${file})${required ? '.min(1)' : ''}` : file
      return `${stringLiteral(name)}: ${schema}${required ? '' : '.optional()'}${said ? `.describe(${stringLiteral(said)})` : ''},`
    })
    .join('\n')
}

/** A valid body of a request in a test, as an expression; undefined without one. */
export function sampleBody({ operation }: NamedOperation, imports: Imports): string | undefined {
  if (operation.rawBody) return "Buffer.from('sample')"
  if (operation.body === null) return undefined
  return withFiles({ operation }, jsonCode(sampleOf(operation.body)), imports)
}

/** The body with a file for each that the operation requires; as it is where it requires none. */
export function withFiles(
  { operation }: Pick<NamedOperation, 'operation'>,
  body: string,
  imports: Imports,
): string {
  const needed = (operation.files ?? []).filter(({ required }) => required)
  if (!takesParts(operation) || needed.length === 0) return body
  const files = needed.map(({ name, types }) => `${stringLiteral(name)}: ${stringLiteral(sampleType(types))}`)
  return `${imports.value('../support/parts.ts', 'partsOf')}(${body}, { ${files.join(', ')} })`
}
