import { relationProperty, type Blueprint, type Entity, type FieldType, type PlanEntity } from '#contract'

/** The entities of a plan, with their fields and relations, in the order of the Blueprint. */
export const planEntities = ({ entities, manyToMany }: Blueprint): PlanEntity[] =>
  entities.map((entity) => ({
    name: entity.name,
    fields: entity.fields.map(({ name, type, required, unique }) => ({
      name,
      type: describeType(type),
      required,
      unique,
    })),
    relations: [...toOne(entity), ...toMany(entity.name, manyToMany, entities)],
  }))

const toOne = ({ belongsTo }: Entity): PlanEntity['relations'] =>
  belongsTo.map((relation) => ({
    name: relationProperty(relation),
    target: relation.target,
    kind: 'one',
    required: relation.required,
  }))

/** Links belong to the entity that manages them. */
const toMany = (
  name: string,
  links: Blueprint['manyToMany'],
  entities: readonly Entity[],
): PlanEntity['relations'] =>
  links
    .filter(({ left }) => left === name)
    .map(({ right }) => ({
      name:
        entities
          .find((entity) => entity.name === right)
          ?.path.split('/')
          .at(-1) ?? right,
      target: right,
      kind: 'many',
      required: false,
    }))

const VALUES_SHOWN = 6

function describeType(type: FieldType): string {
  switch (type.kind) {
    case 'string':
      return 'text'
    case 'text':
      return 'long text'
    case 'integer':
      return 'whole number'
    case 'number':
      return 'number'
    case 'boolean':
      return 'yes or no'
    case 'date':
      return 'date'
    case 'datetime':
      return 'date and time'
    case 'email':
      return 'email'
    case 'url':
      return 'web address'
    case 'uuid':
      return 'UUID'
    case 'json':
      return 'JSON'
    case 'enum': {
      const more = type.values.length - VALUES_SHOWN
      return `one of ${type.values.slice(0, VALUES_SHOWN).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
    }
  }
}
