import type { Blueprint, Field } from '#contract'
import type { TransportBlueprint } from '../transport-blueprint.ts'

/** The blueprint as a model would send it: the inverse of `toBlueprint`. */
export function toTransport(blueprint: Blueprint): TransportBlueprint {
  return {
    name: blueprint.name,
    title: blueprint.title,
    description: blueprint.description,
    accountEntity: blueprint.auth.kind === 'jwt' ? blueprint.auth.account : null,
    entities: blueprint.entities.map((entity) => ({
      name: entity.name,
      plural: entity.plural,
      label: entity.label,
      labelPlural: entity.labelPlural,
      description: entity.description ?? null,
      path: entity.path,
      fields: entity.fields.map(fieldToTransport),
      belongsTo: entity.belongsTo,
      operations: entity.operations,
      readAccess: entity.access.read,
      writeAccess: entity.access.write,
      owner: entity.owner ?? null,
    })),
    manyToMany: blueprint.manyToMany,
    assumptions: [],
    notUnderstood: [],
  }
}

function fieldToTransport(field: Field): TransportBlueprint['entities'][number]['fields'][number] {
  const { type } = field
  return {
    name: field.name,
    label: field.label,
    kind: type.kind,
    required: field.required,
    unique: field.unique,
    maxLength: type.kind === 'string' ? (type.maxLength ?? null) : null,
    min: type.kind === 'integer' || type.kind === 'number' ? (type.min ?? null) : null,
    max: type.kind === 'integer' || type.kind === 'number' ? (type.max ?? null) : null,
    values: type.kind === 'enum' ? type.values : null,
    defaultValue: field.default === undefined ? null : String(field.default),
    example: field.example === undefined ? null : String(field.example),
    description: field.description ?? null,
  }
}
