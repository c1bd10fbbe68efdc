import type { Shape, ShapeProperty } from '#contract'

/** The values of a row in a body: the body itself, or the single object in it. */
export function bodyProperties(body: Shape | null, entity: string): readonly ShapeProperty[] {
  if (body?.kind !== 'object') return []
  const inner = wrapperOf(body, entity)
  return inner?.shape.kind === 'object' ? inner.shape.properties : body.properties
}

export function wrapperOf(body: Shape & { kind: 'object' }, entity: string): ShapeProperty | undefined {
  const [only] = body.properties
  if (body.properties.length !== 1 || only?.shape.kind !== 'object' || !only.required) return undefined
  return only.name.toLowerCase().replaceAll(/[_-]/g, '') === entity.toLowerCase() || only.name === 'data'
    ? only
    : undefined
}
