import { Blueprint, type CrudBinding, type CustomOperation, type Shape, type ShapeProperty } from '#contract'
import { belongsTo, blueprint, entity, field } from './blueprints.ts'
import { param } from './operations.ts'

const text: Shape = { kind: 'string', nullable: false }
const whole: Shape = { kind: 'integer', nullable: false }
const object = (...properties: ShapeProperty[]): Shape => ({ kind: 'object', properties, nullable: false })
const property = (name: string, shape: Shape, required = true): ShapeProperty => ({ name, shape, required })
const store: Shape = { kind: 'entity', entity: 'Store', nullable: false }
const list = (items: Shape): Shape => ({ kind: 'array', items, nullable: false })

type Given = Pick<CustomOperation, 'id' | 'method' | 'path'> & {
  more?: Partial<CustomOperation>
  success?: CustomOperation['responses']['success']
  binding: Partial<CrudBinding> & Pick<CrudBinding, 'action' | 'entity'>
}

const kept = ({ id, method, path, more, success, binding }: Given): CustomOperation => ({
  id,
  method,
  path,
  entity: binding.entity,
  summary: `${binding.action} ${binding.entity}`,
  rules: [`${binding.action} ${binding.entity}`],
  params: [],
  query: [],
  body: null,
  responses: { success: success ?? { kind: 'none', status: 204 }, errors: [] },
  access: 'public',
  examples: [],
  ...more,
  implementation: { kind: 'crud', row: null, scope: [], bodyAt: [], query: [], answer: [], ...binding },
})

const json = (status: number, shape: Shape) => ({ kind: 'json' as const, status, shape })
const pet = object(
  property('id', whole),
  property('pet-kind', { kind: 'any', nullable: true }, false),
  property('name', text),
  property('tag', text, false),
  property('birth_date', { kind: 'date', nullable: true }, false),
)
const newPet = object(
  property('name', { ...text, min: 2, max: 40 } as Shape),
  property('tag', text, false),
  property('status', { kind: 'enum', values: ['free', 'sold'], nullable: false }, false),
  property('owner_id', { kind: 'uuid', nullable: true }, false),
  property('rank', { kind: 'number', min: -1, nullable: false }, false),
  property('mother_id', { kind: 'integer', nullable: true }, false),
  property('secret-word', text, false),
)
const byId: CrudBinding['row'] = { in: 'path', name: 'pet_id', property: 'id' }
const inStore = [{ param: 'storeCode', property: 'store_code' }]

/** Rows of a document's own form, and every way of keeping them. */
export const keptRows = Blueprint.parse(
  blueprint(
    'kept-rows',
    [
      entity('Store', {
        key: { name: 'store_code', kind: 'text' },
        stamps: { created: 'opened_at', updated: null },
        operations: [],
        fields: [
          field('title', 'string', { required: true }),
          field(
            'opening_hours',
            { kind: 'json', shape: list(object(property('day', text), property('from', text, false))) },
            { unset: 'omitted' },
          ),
        ],
      }),
      entity('Owner', {
        operations: [],
        fields: [field('email', 'email', { required: true, unique: true })],
      }),
      entity('Pet', {
        key: { name: 'id', kind: 'integer' },
        stamps: { created: null, updated: null },
        table: 'PET',
        operations: [],
        fields: [
          field('name', { kind: 'string', maxLength: 40 }, { required: true }),
          field('tag', 'string', { unset: 'omitted' }),
          field('birth_date', 'date'),
          field('status', { kind: 'enum', values: ['free', 'sold'] }, { required: true, default: 'free' }),
          field('isWild', 'boolean'),
          field('rank', { kind: 'number', min: -1 }, { unique: true }),
        ],
        belongsTo: [
          belongsTo('store', 'Store', { property: 'store_code' }),
          belongsTo('owner', 'Owner', { property: 'owner_id', required: false, onDelete: 'restrict' }),
          belongsTo('mother', 'Pet', { property: 'mother_id', required: false, onDelete: 'setNull' }),
        ],
      }),
      // There can be three slots: one trio leaves no room for three more.
      entity('Slot', {
        operations: [],
        fields: [
          field(
            'side',
            { kind: 'enum', values: ['left', 'middle', 'right'] },
            { required: true, unique: true },
          ),
        ],
        belongsTo: ['before', 'after', 'below'].map((name) =>
          belongsTo(name, 'Slot', { required: false, onDelete: 'setNull' }),
        ),
      }),
      entity('Trio', {
        operations: [],
        fields: [],
        belongsTo: [
          belongsTo('first', 'Slot', { unique: true, onDelete: 'restrict' }),
          belongsTo('second', 'Slot', { onDelete: 'restrict' }),
          belongsTo('third', 'Slot', { onDelete: 'restrict' }),
        ],
      }),
    ],
    {
      operations: [
        kept({
          id: 'addSlot',
          method: 'POST',
          path: '/slots',
          more: {
            body: object(
              property('side', { kind: 'enum', values: ['left', 'middle', 'right'], nullable: false }),
              property('beforeId', { kind: 'uuid', nullable: true }, false),
              property('afterId', { kind: 'uuid', nullable: true }, false),
              property('belowId', { kind: 'uuid', nullable: true }, false),
            ),
          },
          binding: { entity: 'Slot', action: 'create' },
        }),
        kept({
          id: 'replaceTrio',
          method: 'PUT',
          path: '/trios/:id',
          more: {
            params: [param('id', 'uuid')],
            body: object(
              property('firstId', { kind: 'uuid', nullable: false }),
              property('secondId', { kind: 'uuid', nullable: false }),
              property('thirdId', { kind: 'uuid', nullable: false }),
            ),
          },
          binding: {
            entity: 'Trio',
            action: 'replace',
            row: { in: 'path', name: 'id', property: 'id' },
          },
        }),
        kept({
          id: 'listStoresOfAll',
          method: 'GET',
          path: '/stores/',
          success: json(200, list(store)),
          binding: { entity: 'Store', action: 'list', answer: [{ at: [], holds: 'rows' }] },
        }),
        kept({
          id: 'putStore',
          method: 'PUT',
          path: '/stores',
          more: {
            body: object(
              property('store_code', text),
              property('title', text),
              property(
                'opening_hours',
                {
                  kind: 'array',
                  items: object(property('day', text), property('from', text, false)),
                  nullable: false,
                },
                false,
              ),
            ),
          },
          success: json(200, store),
          binding: {
            entity: 'Store',
            action: 'replace',
            row: { in: 'body', name: 'store_code', property: 'store_code' },
            answer: [{ at: [], holds: 'row' }],
          },
        }),
        kept({
          id: 'addStore',
          method: 'POST',
          path: '/stores',
          more: {
            body: object(
              property('store', object(property('store_code', text, false), property('title', text))),
            ),
          },
          success: json(201, object(property('store', store))),
          binding: {
            entity: 'Store',
            action: 'create',
            bodyAt: ['store'],
            row: { in: 'body', name: 'store_code', property: 'store_code' },
            answer: [{ at: ['store'], holds: 'row' }],
          },
        }),
        kept({
          id: 'listPetsOfStore',
          method: 'GET',
          path: '/stores/:storeCode/pets',
          more: {
            params: [param('storeCode', 'string')],
            query: [
              {
                name: 'page[size]',
                shape: { ...whole, min: 1, max: 50 } as Shape,
                required: false,
                default: 10,
              },
              property('page', whole, false),
              property('status', { kind: 'enum', values: ['free', 'sold'], nullable: false }, false),
              property('isWild', { kind: 'boolean', nullable: false }, false),
              property('labels', list(text), false),
            ],
          },
          success: json(
            200,
            object(
              property('items', list(pet)),
              property(
                'meta',
                object(property('total', whole), property('page', whole), property('last', whole)),
              ),
              property('has_more', { kind: 'boolean', nullable: false }),
            ),
          ),
          binding: {
            entity: 'Pet',
            action: 'list',
            scope: inStore,
            query: [
              { name: 'page[size]', means: 'limit' },
              { name: 'page', means: 'page' },
              { name: 'status', means: 'equals', property: 'status' },
              { name: 'isWild', means: 'equals', property: 'isWild' },
            ],
            answer: [
              { at: ['items'], holds: 'rows' },
              { at: ['meta', 'total'], holds: 'total' },
              { at: ['meta', 'page'], holds: 'page' },
              { at: ['meta', 'last'], holds: 'pages' },
              { at: ['has_more'], holds: 'more' },
            ],
          },
        }),
        kept({
          id: 'addPet',
          method: 'POST',
          path: '/stores/:storeCode/pets',
          more: { params: [param('storeCode', 'string')], body: newPet },
          success: json(201, pet),
          binding: { entity: 'Pet', action: 'create', scope: inStore, answer: [{ at: [], holds: 'row' }] },
        }),
        kept({
          id: 'showPet',
          method: 'GET',
          path: '/pets/:pet_id.json',
          more: { params: [param('pet_id', 'string')] },
          success: json(200, pet),
          binding: { entity: 'Pet', action: 'read', row: byId, answer: [{ at: [], holds: 'row' }] },
        }),
        kept({
          id: 'replacePetOfStore',
          method: 'PUT',
          path: '/stores/:storeCode/pets/:pet_id',
          more: { params: [param('storeCode', 'string'), param('pet_id', 'integer')], body: newPet },
          binding: { entity: 'Pet', action: 'replace', row: byId, scope: inStore },
        }),
        kept({
          id: 'changePet',
          method: 'PATCH',
          path: '/pets/:pet_id',
          more: {
            params: [param('pet_id', 'integer')],
            body: object(
              property('id', whole, false),
              property('name', { ...text, max: 40 } as Shape, false),
              property('tag', { kind: 'string', nullable: true }, false),
            ),
          },
          success: json(200, object(property('data', pet))),
          binding: { entity: 'Pet', action: 'update', row: byId, answer: [{ at: ['data'], holds: 'row' }] },
        }),
        kept({
          id: 'dropPet',
          method: 'DELETE',
          path: '/pets/:pet_id',
          more: { params: [param('pet_id', 'integer')] },
          success: json(200, pet),
          binding: { entity: 'Pet', action: 'delete', row: byId, answer: [{ at: [], holds: 'row' }] },
        }),
        kept({
          id: 'showOwner',
          method: 'GET',
          path: '/owners/:email',
          more: { params: [param('email', 'email')] },
          success: json(200, { kind: 'entity', entity: 'Owner', nullable: false }),
          binding: {
            entity: 'Owner',
            action: 'read',
            row: { in: 'path', name: 'email', property: 'email' },
            answer: [{ at: [], holds: 'row' }],
          },
        }),
        kept({
          id: 'dropOwner',
          method: 'DELETE',
          path: '/owners/:email',
          more: { params: [param('email', 'email')] },
          binding: {
            entity: 'Owner',
            action: 'delete',
            row: { in: 'path', name: 'email', property: 'email' },
          },
        }),
      ],
    },
  ),
)
