import type { ImportResult } from '../import-result.ts'
import type { OpenApiDocument } from './document.ts'
import type { Inferred } from './infer-entities.ts'
import { simple } from './naming.ts'
import type { ReadOperation } from './operation.ts'
import { nodeOf } from './resolve.ts'

/** Where the parts of a Blueprint stand in the document: operations at their path, entities at their schema. */
export const placeInDocument =
  (
    { root, placeOf }: OpenApiDocument,
    operations: readonly ReadOperation[],
    { collections }: Inferred,
  ): NonNullable<ImportResult['placeOf']> =>
  (path) => {
    const [kind, name = '', , property] = path.split('.')
    const at = (one: ReadOperation | undefined) =>
      one && placeOf(['paths', one.documentPath, one.method.toLowerCase()])
    if (kind === 'operations') return at(operations.find(({ id }) => id === name))
    if (kind !== 'entities') return undefined
    const schemas = Object.keys(nodeOf(nodeOf(root['components'])['schemas']))
    const schema =
      schemas.find((one) => simple(one) === simple(name)) ??
      schemas.find((one) => simple(one).startsWith(simple(name)))
    if (schema !== undefined)
      return placeOf([
        'components',
        'schemas',
        schema,
        ...(property === undefined ? [] : ['properties', property]),
      ])
    const collection = collections.find((one) => one.entity === name)
    return at(collection?.operations[0] ?? collection?.items[0])
  }
