import * as fc from 'fast-check'
import type { Blueprint, Entity, Field, ForeignKey } from '#contract'

export type DrawnKey = {
  readonly child: number
  readonly target: number
  readonly required: boolean
  readonly onDelete: ForeignKey['onDelete']
}

/** A foreign key of two properties between two of the entities, in half of the Blueprints. */
export const drawnKey = (): fc.Arbitrary<DrawnKey | null> =>
  fc.option(
    fc.record({
      child: fc.nat(5),
      target: fc.nat(5),
      required: fc.boolean(),
      onDelete: fc.constantFrom('cascade', 'restrict', 'setNull'),
    }),
    { nil: null },
  )

const code: Field = {
  name: 'jointCode',
  label: 'Code',
  type: { kind: 'string', maxLength: 40 },
  required: true,
  unique: false,
}
const part: Field = {
  name: 'jointPart',
  label: 'Part',
  type: { kind: 'integer' },
  required: true,
  unique: false,
}
const names = [code.name, part.name]

/** The Blueprint with that key, and with the properties of both sides. */
export function withForeignKey(blueprint: Blueprint, drawn: DrawnKey | null): Blueprint {
  const { entities } = blueprint
  const account = blueprint.auth.kind === 'jwt' ? blueprint.auth.account : undefined
  const child = drawn && entities[drawn.child % entities.length]
  const target = drawn && entities[drawn.target % entities.length]
  if (!drawn || !child || !target || child === target || [child.name, target.name].includes(account ?? ''))
    return blueprint
  const added = (entity: Entity): Partial<Entity> => {
    if (entity === target)
      return {
        fields: [...entity.fields, code, part],
        indexes: [...(entity.indexes ?? []), { properties: names, unique: true }],
      }
    if (entity !== child) return {}
    const { required, onDelete } = drawn
    return {
      fields: [...entity.fields, { ...code, required }, { ...part, required }],
      foreignKeys: [{ properties: names, target: target.name, targets: names, onDelete }],
    }
  }
  return { ...blueprint, entities: entities.map((entity) => ({ ...entity, ...added(entity) })) }
}
