import { Blueprint } from '#contract'
import { lintBlueprint } from '../../blueprint/lint-blueprint.ts'

const text = (pattern: string, max?: number) => ({
  kind: 'string',
  nullable: false,
  pattern,
  ...(max !== undefined && { max }),
})

/** Fields and requests whose texts have a form: unique, with few values, with a default, optional. */
export const partsWithPatterns = lintBlueprint(
  Blueprint.parse({
    version: 1,
    name: 'parts',
    title: 'Parts',
    description: 'Spare parts.',
    auth: { kind: 'none' },
    manyToMany: [],
    entities: [
      {
        name: 'Part',
        plural: 'Parts',
        label: 'Part',
        labelPlural: 'Parts',
        path: '/parts',
        fields: [
          {
            name: 'sku',
            label: 'SKU',
            type: { kind: 'string', maxLength: 20, pattern: '^[A-Z]{2}-[0-9]{4}$' },
            required: true,
            unique: true,
          },
          {
            name: 'size',
            label: 'Size',
            type: { kind: 'string', pattern: '^(small|medium|large)$' },
            required: true,
            unique: false,
            default: 'medium',
          },
          {
            name: 'colour',
            label: 'Colour',
            type: { kind: 'string', pattern: '^#[0-9a-f]{6}$' },
            required: false,
            unique: false,
            example: '#1e90ff',
          },
          {
            name: 'path',
            label: 'Path',
            type: { kind: 'string', pattern: '^/[^/\\s]+/`[$]' },
            required: false,
            unique: false,
          },
        ],
        belongsTo: [],
        operations: ['list', 'create', 'read', 'update', 'delete'],
        access: { read: 'public', write: 'public' },
      },
    ],
    operations: [
      {
        id: 'orderPart',
        entity: 'Part',
        method: 'POST',
        path: '/parts/by-sku/:sku/order',
        summary: 'Order a part',
        rules: ['Answers the sku, in how many pieces, and for whom.'],
        params: [{ name: 'sku', shape: text('^[A-Z]{2}-[0-9]{4}$'), required: true }],
        query: [{ name: 'depot', shape: text('^[a-z]+$', 12), required: false }],
        headers: [{ name: 'x-customer', shape: text('^C[0-9]{3,6}$'), required: true }],
        body: {
          kind: 'object',
          nullable: false,
          properties: [{ name: 'pieces', shape: text('^[1-9][0-9]*$', 4), required: true }],
        },
        responses: {
          success: {
            kind: 'json',
            status: 200,
            shape: {
              kind: 'object',
              nullable: false,
              properties: [
                { name: 'sku', shape: { kind: 'string', nullable: false }, required: true },
                { name: 'pieces', shape: { kind: 'string', nullable: false }, required: true },
                { name: 'customer', shape: { kind: 'string', nullable: false }, required: true },
              ],
            },
          },
          errors: [],
        },
        access: 'public',
        examples: [
          {
            title: 'orders twelve',
            rows: [],
            request: {
              params: { sku: 'AB-1234' },
              query: {},
              headers: { 'x-customer': 'C100' },
              body: { pieces: '12' },
            },
            expect: { status: 200, body: { sku: 'AB-1234', pieces: '12', customer: 'C100' } },
          },
          {
            title: 'takes no lower case',
            rows: [],
            request: {
              params: { sku: 'ab-1234' },
              query: {},
              headers: { 'x-customer': 'C100' },
              body: { pieces: '12' },
            },
            expect: { status: 400 },
          },
        ],
      },
    ],
  }),
).blueprint

export const partHandlers = {
  orderPart: `import type { OrderPartInput, OrderPartResult } from '../schemas/operations/order-part.ts';
import type { OperationContext } from '../operation-context.ts';

export function orderPart({ params, headers, body }: OrderPartInput, _context: OperationContext): OrderPartResult {
  return { sku: params.sku, pieces: body.pieces, customer: headers['x-customer'] };
}
`,
}
