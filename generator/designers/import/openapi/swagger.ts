import { upgradeFromTwoToThree } from '@scalar/openapi-upgrader/2.0-to-3.0'
import { SpecError } from '../spec-error.ts'
import type { Node } from './document.ts'
import type { PlaceOf } from './source.ts'

/** Swagger 2.0 as OpenAPI 3.0. Changes the document. */
export function fromSwagger(root: Node, placeOf: PlaceOf): Node {
  try {
    return upgradeFromTwoToThree(root) as Node
  } catch (error) {
    throw new SpecError(
      `It is Swagger 2.0 that cannot be converted to OpenAPI 3.0: ${error instanceof Error ? error.message : String(error)}.`,
      { place: placeOf([]), hint: 'Convert it first, for example with https://converter.swagger.io.' },
      { cause: error },
    )
  }
}

/** Where a part of the converted document stands in the original. */
export const placeInSwagger =
  (placeOf: PlaceOf): PlaceOf =>
  (path) => {
    const [first, second, ...rest] = path
    if (first !== 'components') return placeOf(path)
    const original =
      second === 'schemas' ? 'definitions' : second === 'securitySchemes' ? 'securityDefinitions' : second
    return placeOf(original === undefined ? [] : [original, ...rest])
  }
