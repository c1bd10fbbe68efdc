import { pathName } from '../openapi/path-name.ts'
import {
  relationProperty,
  type CrudBinding,
  type CustomOperation,
  type Entity,
  type Shape,
  type ShapeProperty,
} from '#contract'
import { shapeOfField } from '../../../blueprint/lint/shape-compat.ts'
import { rowProperties } from '../../../blueprint/lint/row-properties.ts'

/**
 * CRUD routes for rows with a natural key: the key is sent with a new row, and is part of the path of an
 * existing one.
 */
export function keptOperations(entity: Entity, entities: readonly Entity[]): CustomOperation[] {
  const key = entity.key!
  const text: Shape = { kind: 'string', nullable: false }
  const whole = (more: object): Shape => ({ kind: 'integer', nullable: false, ...more }) as Shape
  const row: Shape = { kind: 'entity', entity: entity.name, nullable: false }
  const param: ShapeProperty = { name: pathName(key.name), shape: text, required: true }
  const properties = (isPartial: boolean): ShapeProperty[] => [
    ...entity.fields.map((field): ShapeProperty => ({
      name: field.name,
      // A row with a default is never without a value.
      shape: shapeOfField(field.type, !field.required && field.default === undefined),
      required: !isPartial && field.required && field.default === undefined,
    })),
    ...entity.belongsTo.map((relation): ShapeProperty => {
      const target = rowProperties(entity, { entities: [...entities] }).find(
        ({ name }) => name === relationProperty(relation),
      )
      return {
        name: relationProperty(relation),
        shape: { ...(target?.shape ?? text), nullable: !relation.required } as Shape,
        required: !isPartial && relation.required,
      }
    }),
  ]
  const object = (list: ShapeProperty[]): Shape => ({ kind: 'object', properties: list, nullable: false })
  const one = { at: [], holds: 'row' as const }
  const make = (
    verb: string,
    given: Pick<CustomOperation, 'method' | 'summary'> & {
      body?: Shape
      status?: number
      shape?: Shape
      binding: Partial<CrudBinding> & Pick<CrudBinding, 'action'>
    },
  ): CustomOperation => {
    const { method, summary, body = null, status = 200, shape, binding } = given
    const isAboutOne = binding.action !== 'list' && binding.action !== 'create'
    return {
      id: `${verb}${verb === 'list' ? entity.plural : entity.name}`,
      entity: entity.name,
      method,
      path: isAboutOne ? `${entity.path}/:${param.name}` : entity.path,
      summary,
      rules: [summary],
      params: isAboutOne ? [param] : [],
      query: [],
      body,
      responses: { success: shape ? { kind: 'json', status, shape } : { kind: 'none', status }, errors: [] },
      access: 'public',
      examples: [],
      implementation: {
        kind: 'crud',
        entity: entity.name,
        row: isAboutOne ? { in: 'path', name: param.name, property: key.name } : null,
        scope: [],
        bodyAt: [],
        query: [],
        answer: shape ? [one] : [],
        ...binding,
      },
    }
  }
  const { label, labelPlural } = entity
  const page = object([
    { name: 'total', shape: whole({}), required: true },
    { name: 'limit', shape: whole({}), required: true },
    { name: 'offset', shape: whole({}), required: true },
  ])
  const list = make('list', {
    method: 'GET',
    summary: `List ${labelPlural}`,
    shape: object([
      { name: 'data', shape: { kind: 'array', items: row, nullable: false }, required: true },
      { name: 'pagination', shape: page, required: true },
    ]),
    binding: {
      action: 'list',
      query: [
        { name: 'limit', means: 'limit' },
        { name: 'offset', means: 'offset' },
      ],
      answer: [
        { at: ['data'], holds: 'rows' },
        { at: ['pagination', 'total'], holds: 'total' },
        { at: ['pagination', 'limit'], holds: 'limit' },
        { at: ['pagination', 'offset'], holds: 'offset' },
      ],
    },
  })
  list.query = [
    { name: 'limit', shape: whole({ min: 1, max: 100 }), required: false, default: 20 },
    { name: 'offset', shape: whole({ min: 0 }), required: false, default: 0 },
  ]
  return [
    list,
    make('create', {
      method: 'POST',
      summary: `Create ${label}`,
      body: object([{ ...param, name: key.name }, ...properties(false)]),
      status: 201,
      shape: row,
      binding: { action: 'create', row: { in: 'body', name: key.name, property: key.name } },
    }),
    make('get', { method: 'GET', summary: `Read ${label}`, shape: row, binding: { action: 'read' } }),
    make('replace', {
      method: 'PUT',
      summary: `Replace ${label}`,
      body: object(properties(false)),
      shape: row,
      binding: { action: 'replace' },
    }),
    ...(properties(true).length > 0
      ? [
          make('update', {
            method: 'PATCH',
            summary: `Change ${label}`,
            body: object(properties(true)),
            shape: row,
            binding: { action: 'update' },
          }),
        ]
      : []),
    make('delete', {
      method: 'DELETE',
      summary: `Delete ${label}`,
      status: 204,
      binding: { action: 'delete' },
    }),
  ]
}
