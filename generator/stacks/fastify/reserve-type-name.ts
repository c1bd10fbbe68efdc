import type { Namespace } from '../../codegen/names.ts'

/** Reserves a type name and its `Input` variant, the OpenAPI name of the request form. */
export function reserveTypeName(types: Namespace, wish: string): string {
  let name = types.take(wish)
  while (!types.isFree(`${name}Input`)) name = types.take(wish)
  types.reserve(`${name}Input`)
  return name
}
