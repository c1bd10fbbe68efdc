import type { z } from 'zod'
import { Blueprint, type CustomOperation, type Shape, type ShapeProperty } from '#contract'
import { lintBlueprint } from '../../blueprint/lint-blueprint.ts'
import { shop, todo } from './blueprints.ts'

type Plain = Exclude<Shape['kind'], 'enum' | 'array' | 'object' | 'record' | 'any' | 'entity'>

const plain = (kind: Plain): Shape => ({ kind, nullable: false })
const entity = (name: string): Shape => ({ kind: 'entity', entity: name, nullable: false })

export const param = (name: string, kind: Plain = 'uuid'): ShapeProperty => ({
  name,
  shape: plain(kind),
  required: true,
})

export const completeTodo: CustomOperation = {
  id: 'completeTodo',
  entity: 'Todo',
  method: 'POST',
  path: '/todos/:id/complete',
  summary: 'Complete a to-do',
  rules: ['Sets done to true.', 'A to-do that is done already is refused.'],
  params: [param('id')],
  query: [],
  body: null,
  responses: {
    success: { kind: 'json', status: 200, shape: entity('Todo') },
    errors: [
      { status: 404, code: 'not_found', when: 'There is no to-do with this id.' },
      { status: 409, code: 'already_done', when: 'The to-do is done already.' },
    ],
  },
  access: 'public',
  examples: [
    {
      title: 'an open to-do becomes done',
      rows: [{ name: 'todo', entity: 'Todo', values: { title: 'Milk', done: false } }],
      request: { params: { id: '$todo.id' }, query: {} },
      expect: { status: 200, body: { id: '$todo.id', title: 'Milk', done: true } },
    },
    {
      title: 'a done to-do stays as it is',
      rows: [{ name: 'todo', entity: 'Todo', values: { done: true } }],
      request: { params: { id: '$todo.id' }, query: {} },
      expect: { status: 409 },
    },
  ],
}

/** What a model would write for `completeTodo`. */
export const completeTodoHandler = `import { ApiError } from '../errors.ts';
import type { OperationContext } from '../operation-context.ts';
import type { CompleteTodoInput, CompleteTodoResult } from '../schemas/operations/complete-todo.ts';

/** Marks a to-do as done. */
export function completeTodo({ params }: CompleteTodoInput, { repositories }: OperationContext): CompleteTodoResult {
  const todo = repositories.todos.find(params.id);
  if (!todo) throw new ApiError(404, 'not_found', 'There is no to-do with this id.');
  if (todo.done) throw new ApiError(409, 'already_done', 'The to-do is done already.');
  return repositories.todos.update(todo.id, { done: true }) ?? todo;
}
`

export const todoWithComplete = Blueprint.parse({ ...todo, operations: [completeTodo] })

const object = (...properties: ShapeProperty[]): Shape => ({ kind: 'object', properties, nullable: false })

export const checkout: CustomOperation = {
  id: 'checkout',
  entity: 'Order',
  method: 'POST',
  path: '/orders/:id/checkout',
  summary: 'Check an order out',
  rules: [
    'Only the customer may check an order out; for everybody else it is not found.',
    'An order that is paid already, or that has no items, is refused.',
    'The total is the sum of quantity times price of its items.',
    'The order becomes paid.',
  ],
  params: [param('id')],
  query: [],
  body: object(
    { name: 'note', shape: plain('string'), required: false },
    { name: 'expectedTotal', shape: { kind: 'number', nullable: true }, required: false },
  ),
  responses: {
    success: {
      kind: 'json',
      status: 200,
      shape: object(
        { name: 'order', shape: entity('Order'), required: true },
        { name: 'total', shape: plain('number'), required: true },
        {
          name: 'items',
          shape: { kind: 'array', items: entity('OrderItem'), nullable: false },
          required: true,
        },
      ),
    },
    errors: [
      { status: 404, code: 'not_found', when: 'There is no such order of this customer.' },
      { status: 409, code: 'already_paid', when: 'The order is paid already.' },
      { status: 422, code: 'order_empty', when: 'The order has no items.' },
    ],
  },
  access: 'authenticated',
  examples: [
    {
      title: 'adds the items up and marks the order as paid',
      rows: [
        { name: 'order', entity: 'Order', values: { status: 'new', customerId: '$me.id' } },
        { name: 'mug', entity: 'Product', values: { name: 'Mug', price: 2.5 } },
        {
          name: 'item',
          entity: 'OrderItem',
          values: { quantity: 4, orderId: '$order.id', productId: '$mug.id' },
        },
      ],
      request: { params: { id: '$order.id' }, query: {}, body: { note: 'Ring twice' } },
      expect: {
        status: 200,
        body: { order: { id: '$order.id', status: 'paid' }, total: 10, items: [{ id: '$item.id' }] },
      },
    },
    {
      title: 'refuses an order without items',
      rows: [{ name: 'order', entity: 'Order', values: { status: 'new' } }],
      request: { params: { id: '$order.id' }, query: {}, body: {} },
      expect: { status: 422 },
    },
    {
      title: 'refuses what nobody sent',
      rows: [],
      request: { params: { id: '00000000-0000-4000-8000-000000000000' }, query: {}, body: {} },
      expect: { status: 401 },
    },
  ],
}

/** What a model would write for `checkout`. */
export const checkoutHandler = `import { ApiError } from '../errors.ts';
import type { OperationContext } from '../operation-context.ts';
import type { CheckoutInput, CheckoutResult } from '../schemas/operations/checkout.ts';

export function checkout({ params, account }: CheckoutInput, { repositories, transaction }: OperationContext): CheckoutResult {
  return transaction(() => {
    const order = repositories.orders.find(params.id, { customerId: account.id });
    if (!order) throw new ApiError(404, 'not_found', 'There is no such order.');
    if (order.status === 'paid') throw new ApiError(409, 'already_paid', 'The order is paid already.');
    const { data: items } = repositories.orderItems.page({
      limit: 1000,
      offset: 0,
      sort: 'createdAt',
      order: 'asc',
      where: { orderId: order.id },
    });
    if (items.length === 0) throw new ApiError(422, 'order_empty', 'The order has no items.');
    let total = 0;
    for (const item of items) total += item.quantity * (repositories.products.find(item.productId)?.price ?? 0);
    return { order: repositories.orders.update(order.id, { status: 'paid' }) ?? order, total, items };
  });
}
`

/** A page of HTML, a text and a picture, each for anyone. */
export const pages: CustomOperation[] = (['html', 'text', 'binary'] as const).map((kind) => ({
  id: `${kind}Report`,
  method: 'GET',
  path: `/reports/${kind}`,
  summary: `A report as ${kind}`,
  rules: ['Says how many to-dos there are.'],
  params: [],
  query: [{ name: 'limit', shape: plain('integer'), required: false }],
  body: null,
  responses: { success: { kind, status: 200 }, errors: [] },
  access: 'public',
  examples:
    kind === 'binary'
      ? []
      : [
          {
            title: 'counts what there is',
            rows: [{ name: 'todo', entity: 'Todo', values: {} }],
            request: { params: {}, query: { limit: 5 } },
            expect: { status: 200, body: '1 of 5' },
          },
        ],
}))

const page = (
  id: string,
  type: string,
  value: string,
) => `import type { OperationContext } from '../operation-context.ts';
import type { ${type}Input, ${type}Result } from '../schemas/operations/${id}.ts';

export async function ${type[0]!.toLowerCase()}${type.slice(1)}({ query }: ${type}Input, { repositories }: OperationContext): Promise<${type}Result> {
  const { pagination } = repositories.todos.page({ limit: 1, offset: 0, sort: 'createdAt', order: 'asc' });
  const text = \`<style>p { color: green }</style><p style="margin: 0">\${pagination.total} of \${query.limit ?? 'all'}</p>\`;
  return ${value};
}
`
export const pageHandlers: Record<string, string> = {
  htmlReport: page('html-report', 'HtmlReport', 'text'),
  textReport: page('text-report', 'TextReport', 'text'),
  binaryReport: page('binary-report', 'BinaryReport', 'new TextEncoder().encode(text)'),
}

export const shopWithCheckout = Blueprint.parse({
  ...lintBlueprint(shop).blueprint,
  operations: [checkout],
})

/** Every type of configuration value, with a default and without, and an operation that goes by some of them. */
export const todoWithConfig = Blueprint.parse({
  ...todo,
  config: [
    { name: 'MAX_OPEN', type: 'integer', description: 'How many to-dos may be open at a time', default: 2 },
    { name: 'GREETING', type: 'string', description: 'Returned to the caller.', default: "It's $5 `now` #1" },
    { name: 'TAX_RATE', type: 'number', description: 'Of 1.', default: 1.9e-7 },
    { name: 'STRICT', type: 'boolean', description: 'Whether more than the most is refused.', default: true },
    {
      name: 'PARTNER_URL',
      type: 'url',
      description: 'Where partners are.',
      example: 'https://p.example.com',
    },
    { name: 'PARTNER_KEY', type: 'secret', description: 'What partners know us by.' },
    { name: 'REGION', type: 'string', description: 'Where it runs; */ ${x} <b>' },
  ],
  operations: [
    {
      id: 'showRoom',
      method: 'GET',
      path: '/room',
      summary: 'How many to-dos may still be opened',
      rules: ['Answers MAX_OPEN less the to-dos that are not done.'],
      params: [],
      query: [],
      body: null,
      responses: {
        success: {
          kind: 'json',
          status: 200,
          shape: {
            kind: 'object',
            properties: [param('room', 'integer'), param('greeting', 'string'), param('isSigned', 'boolean')],
            nullable: false,
          },
        },
        errors: [],
      },
      access: 'public',
      examples: [
        {
          title: 'an open to-do takes one place',
          rows: [{ name: 'todo', entity: 'Todo', values: { done: false } }],
          request: { params: {}, query: {} },
          expect: { status: 200, body: { room: 1, isSigned: true } },
        },
      ],
    },
  ],
} satisfies z.input<typeof Blueprint>)

/** What a model would write for it. */
export const showRoomHandler = `import type { OperationContext } from '../operation-context.ts';
import type { ShowRoomInput, ShowRoomResult } from '../schemas/operations/show-room.ts';

/** Says how many to-dos may still be opened. */
export function showRoom(_input: ShowRoomInput, { config, repositories }: OperationContext): ShowRoomResult {
  const { pagination } = repositories.todos.page({ limit: 1, offset: 0, sort: 'createdAt', order: 'asc', where: { done: false } });
  return { room: config.maxOpen - pagination.total, greeting: config.greeting, isSigned: config.partnerKey.reveal() !== '' };
}
`
