import type { Shape, ShapeProperty } from '#contract'

type ObjectShape = Extract<Shape, { kind: 'object' }>

/**
 * The form that all of several objects fit: the properties of each, required where all require them. Undefined unless all
 * are objects with properties.
 */
export function commonForm(shapes: readonly Shape[]): ObjectShape | undefined {
  const objects = shapes.flatMap((shape) => (shape.kind === 'object' ? [shape] : []))
  if (objects.length !== shapes.length || objects.length < 2) return undefined
  if (objects.some(({ properties }) => properties.length === 0)) return undefined
  const named = new Map<string, ShapeProperty[]>()
  for (const { properties } of objects)
    for (const property of properties)
      named.set(property.name, [...(named.get(property.name) ?? []), property])
  const properties = [...named.values()].map((same): ShapeProperty => {
    const [first] = same
    const isInAll = same.length === objects.length
    const { default: value, ...rest } = first!
    const isSameDefault = isInAll && same.every((one) => one.default === value)
    return {
      ...rest,
      shape: same.map((one) => one.shape).reduce(joined),
      required: isInAll && same.every((one) => one.required),
      ...(isSameDefault && value !== undefined && { default: value }),
    }
  })
  return { kind: 'object', properties, nullable: objects.some(({ nullable }) => nullable) }
}

/** The shape that the values of both have. */
function joined(one: Shape, other: Shape): Shape {
  const nullable = one.nullable || other.nullable
  const [plain, same] = [one, other].map((shape) => JSON.stringify({ ...shape, nullable: false }))
  if (plain === same) return { ...one, nullable } as Shape
  // What tells the objects apart has another value in each.
  if (one.kind === 'enum' && other.kind === 'enum') {
    const values = [...new Set([...one.values, ...other.values])]
    if (values.length <= 50) return { kind: 'enum', values, nullable }
  }
  if (one.kind === 'object' && other.kind === 'object') {
    const common = commonForm([one, other])
    if (common) return { ...common, nullable }
  }
  const isNumber = (shape: Shape) => shape.kind === 'integer' || shape.kind === 'number'
  if (isNumber(one) && isNumber(other))
    return { kind: one.kind === other.kind ? one.kind : 'number', nullable } as Shape
  if (isText(one) && isText(other)) return { kind: 'string', nullable }
  return { kind: 'any', nullable: true }
}

const isText = ({ kind }: Shape): boolean =>
  ['string', 'enum', 'date', 'datetime', 'email', 'url', 'uuid'].includes(kind)
