import { keyOf, relationProperty, stampsOf, type Blueprint, type Entity, type Shape } from '#contract'
import { shapeOfField } from './shape-compat.ts'

/** A property of a row: its shape, and whether it is always present. */
export type RowProperty = {
  readonly name: string
  readonly shape: Shape
  readonly isAlwaysThere: boolean
  /** Set by the server only. */
  readonly isAutomatic: boolean
  readonly hasDefault: boolean
  readonly target?: string
}

const KEY_SHAPES = { uuid: 'uuid', integer: 'integer', text: 'string' } as const

export function rowProperties(entity: Entity, { entities }: Pick<Blueprint, 'entities'>): RowProperty[] {
  const key = keyOf(entity)
  const { created, updated } = stampsOf(entity)
  const own = (name: string, kind: 'uuid' | 'integer' | 'string' | 'datetime'): RowProperty => ({
    name,
    shape: { kind, nullable: false },
    isAlwaysThere: true,
    isAutomatic: true,
    hasDefault: false,
  })
  return [
    own(key.name, KEY_SHAPES[key.kind]),
    ...[created, updated].flatMap((name) => (name === null ? [] : [own(name, 'datetime')])),
    ...entity.fields.map((field): RowProperty => {
      const isSet = field.required || field.default !== undefined
      const isOmitted = !isSet && field.unset === 'omitted'
      return {
        name: field.name,
        shape: shapeOfField(field.type, !isSet && !isOmitted),
        isAlwaysThere: !isOmitted,
        isAutomatic: false,
        hasDefault: field.default !== undefined,
      }
    }),
    ...entity.belongsTo.map((relation): RowProperty => {
      const target = entities.find(({ name }) => name === relation.target)
      const { kind } = keyOf(target ?? entity)
      return {
        name: relationProperty(relation),
        shape: { kind: KEY_SHAPES[kind], nullable: !relation.required },
        isAlwaysThere: true,
        isAutomatic: false,
        hasDefault: false,
        target: relation.target,
      }
    }),
  ]
}
