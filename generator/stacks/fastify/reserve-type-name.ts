import type { Namespace } from '../../codegen/names.ts'

/** A name and its `Input` twin: OpenAPI names the request form of a component so. */
export function reserveTypeName(types: Namespace, wish: string): string {
  let name = types.take(wish)
  while (!types.isFree(`${name}Input`)) name = types.take(wish)
  types.reserve(`${name}Input`)
  return name
}
