// Longer than most files: a design with its examples.
import { Blueprint } from '#contract'
import { belongsTo, blueprint, entity, field } from '../../../generator/codegen/testing/blueprints.ts'
import {
  changed,
  created,
  example,
  json,
  listOf,
  NOT_FOUND,
  object,
  operation,
  optional,
  plain,
  refusal,
  row,
  text,
  whole,
} from '../design.ts'
import type { PlausibleProject } from '../plausible-project.ts'
import { shopHandlers, shopMistakes } from './shop-code.ts'

/** Orders that take from a stock: sums, rounding, rows on the side, owners. */

const anyone = { read: 'authenticated', write: 'authenticated' } as const

const design = blueprint(
  'mug-shop',
  [
    entity('Customer', {
      fields: [
        field('email', 'email', { required: true, unique: true }),
        field('name', 'string', { required: true }),
      ],
      operations: ['read', 'update'],
      access: { read: 'owner', write: 'owner' },
    }),
    entity('Product', {
      fields: [
        field('name', 'string', { required: true }),
        field('priceCents', { kind: 'integer', min: 0 }, { required: true }),
        field('stock', { kind: 'integer', min: 0 }, { required: true }),
      ],
      access: { read: 'public', write: 'authenticated' },
    }),
    entity('Order', {
      fields: [
        field(
          'status',
          { kind: 'enum', values: ['new', 'paid', 'cancelled'] },
          { required: true, default: 'new' },
        ),
        field('totalCents', { kind: 'integer', min: 0 }),
        field('paidAt', 'datetime'),
      ],
      belongsTo: [belongsTo('customer', 'Customer')],
      owner: 'customer',
      operations: ['list', 'create', 'read'],
      access: { read: 'owner', write: 'owner' },
    }),
    entity('OrderItem', {
      fields: [field('quantity', { kind: 'integer', min: 1 }, { required: true })],
      belongsTo: [belongsTo('order', 'Order'), belongsTo('product', 'Product', { onDelete: 'restrict' })],
      path: '/order-items',
      operations: ['list', 'create'],
      access: anyone,
    }),
    entity('StockMovement', {
      fields: [
        field('change', 'integer', { required: true }),
        field('reason', { kind: 'enum', values: ['sale', 'return'] }, { required: true }),
      ],
      belongsTo: [belongsTo('product', 'Product')],
      path: '/stock-movements',
      operations: ['list', 'read'],
      access: anyone,
    }),
  ],
  { auth: { kind: 'jwt', account: 'Customer' } },
)

const mug = (stock: number, priceCents = 250) => ['Product', { name: 'Mug', priceCents, stock }] as const
const item = (quantity: number, product = 'mug') =>
  ['OrderItem', { quantity, orderId: '$order.id', productId: `$${product}.id` }] as const
const order = (status: string) => ['Order', { status, customerId: '$me.id' }] as const
const theirs = {
  other: ['Customer', { email: 'ann@example.com', name: 'Ann' }],
  order: ['Order', { status: 'new', customerId: '$other.id' }],
  mug: mug(5),
  item: item(1),
} as const
const ofOrder = { params: { id: '$order.id' } }

const checkout = operation({
  id: 'checkout',
  entity: 'Order',
  method: 'POST',
  path: '/orders/:id/checkout',
  summary: 'Check an order out',
  rules: [
    'Only the customer of an order may check it out; for everybody else it is not found.',
    'An order that is not new is refused, and so is one without items.',
    'If a product has less in stock than is ordered, the order is refused and nothing changes.',
    'The total is the sum of quantity times price. From 10000 cents on, 10 percent are taken off, and the result is rounded to whole cents, half cents up.',
    'The stock of each product is reduced by the quantity, and each item gets a stock movement with the negative quantity and the reason sale.',
    'The order becomes paid, with its total and the time.',
  ],
  success: json(row('Order')),
  errors: [
    NOT_FOUND,
    refusal(409, 'not_new', 'The order is paid or cancelled already.'),
    refusal(409, 'out_of_stock', 'A product has less in stock than is ordered.'),
    refusal(422, 'order_empty', 'The order has no items.'),
  ],
  examples: [
    example(
      'takes from the stock and pays',
      {
        order: order('new'),
        mug: mug(5),
        tea: ['Product', { name: 'Tea', priceCents: 99, stock: 20 }],
        item: item(3),
        second: item(2, 'tea'),
      },
      ofOrder,
      { status: 200, body: { status: 'paid', totalCents: 948 } },
      [
        changed('order', { status: 'paid', totalCents: 948, paidAt: '$now' }),
        changed('mug', { stock: 2 }),
        changed('tea', { stock: 18 }),
        created('StockMovement', { productId: '$mug.id', change: -3, reason: 'sale' }),
        created('StockMovement', { productId: '$tea.id', change: -2, reason: 'sale' }),
      ],
    ),
    example(
      'takes ten percent off a large order',
      { order: order('new'), mug: mug(5, 12345), item: item(1) },
      ofOrder,
      { status: 200, body: { totalCents: 11111 } },
    ),
    example('refuses an order of another account', theirs, ofOrder, { status: 404, code: 'not_found' }, []),
    example(
      'refuses an order that is paid',
      { order: order('paid'), mug: mug(5), item: item(1) },
      ofOrder,
      { status: 409, code: 'not_new' },
      [],
    ),
    example(
      'refuses an empty order',
      { order: order('new') },
      ofOrder,
      { status: 422, code: 'order_empty' },
      [],
    ),
    example(
      'refuses more than there is',
      { order: order('new'), mug: mug(5), tea: mug(1), item: item(3), second: item(2, 'tea') },
      ofOrder,
      { status: 409, code: 'out_of_stock' },
      [],
    ),
  ],
})

const cancelOrder = operation({
  id: 'cancelOrder',
  entity: 'Order',
  method: 'POST',
  path: '/orders/:id/cancel',
  summary: 'Cancel a paid order',
  rules: [
    'Only the customer of an order may cancel it; for everybody else it is not found.',
    'Only an order that is paid is cancelled; all others are refused.',
    'The stock of each product is increased by the quantity, with a stock movement of the reason return.',
  ],
  success: json(row('Order')),
  errors: [NOT_FOUND, refusal(409, 'not_paid', 'The order is not paid.')],
  examples: [
    example(
      'gives the stock back',
      { order: order('paid'), mug: mug(5), item: item(3) },
      ofOrder,
      { status: 200, body: { status: 'cancelled' } },
      [
        changed('order', { status: 'cancelled' }),
        changed('mug', { stock: 8 }),
        created('StockMovement', { productId: '$mug.id', change: 3, reason: 'return' }),
      ],
    ),
    example(
      'refuses an order that is cancelled',
      { order: order('cancelled'), mug: mug(5), item: item(3) },
      ofOrder,
      { status: 409, code: 'not_paid' },
      [],
    ),
  ],
})

const bestsellers = operation({
  id: 'bestsellers',
  entity: 'Product',
  method: 'GET',
  path: '/reports/bestsellers',
  summary: 'What is sold most',
  rules: [
    'Adds up the quantities of each product in paid orders; products that were not sold are left out.',
    'Sorted by quantity, the most first, and by name where quantities are equal; at most limit of them.',
  ],
  access: 'public',
  query: [optional('limit', plain('integer', { min: 1, max: 20 }), 3)],
  success: json(listOf(object({ productId: plain('uuid'), name: text, quantity: whole }))),
  examples: [
    example(
      'counts paid orders, the most first',
      {
        ann: ['Customer', { email: 'ann@example.com', name: 'Ann' }],
        order: ['Order', { status: 'paid', customerId: '$ann.id' }],
        old: ['Order', { status: 'cancelled', customerId: '$ann.id' }],
        mug: mug(5),
        tea: ['Product', { name: 'Tea', priceCents: 99, stock: 20 }],
        item: item(1),
        second: item(4, 'tea'),
        third: item(2),
        gone: ['OrderItem', { quantity: 9, orderId: '$old.id', productId: '$mug.id' }],
      },
      { query: { limit: 2 } },
      {
        status: 200,
        body: [
          { productId: '$tea.id', name: 'Tea', quantity: 4 },
          { productId: '$mug.id', name: 'Mug', quantity: 3 },
        ],
      },
    ),
    example('is empty where nothing was sold', { mug: mug(5) }, {}, { status: 200, body: [] }),
  ],
})

export const shop: PlausibleProject = {
  blueprint: Blueprint.parse({ ...design, operations: [checkout, cancelOrder, bestsellers] }),
  handlers: shopHandlers,
  mistakes: shopMistakes,
  further: {
    checkout: [
      example(
        'sells nothing of another order',
        {
          order: order('new'),
          mug: mug(5),
          item: item(1),
          next: order('new'),
          other: ['OrderItem', { quantity: 2, orderId: '$next.id', productId: '$mug.id' }],
        },
        ofOrder,
        { status: 200, body: { totalCents: 250 } },
      ),
      example(
        'sells the last ones',
        { order: order('new'), mug: mug(3), item: item(3) },
        ofOrder,
        { status: 200, body: { status: 'paid' } },
        [
          changed('order', { status: 'paid' }),
          changed('mug', { stock: 0 }),
          created('StockMovement', { productId: '$mug.id', change: -3, reason: 'sale' }),
        ],
      ),
      example(
        'takes ten percent off from 10000 cents on',
        { order: order('new'), mug: mug(5, 5000), item: item(2) },
        ofOrder,
        { status: 200, body: { totalCents: 9000 } },
      ),
    ],
    cancelOrder: [
      example(
        'gives back what is in the order alone',
        {
          order: order('paid'),
          mug: mug(5),
          item: item(3),
          next: order('paid'),
          other: ['OrderItem', { quantity: 1, orderId: '$next.id', productId: '$mug.id' }],
        },
        ofOrder,
        { status: 200 },
        [
          changed('order', { status: 'cancelled' }),
          changed('mug', { stock: 8 }),
          created('StockMovement', { change: 3 }),
        ],
      ),
      example(
        'refuses to cancel the order of another account',
        { ...theirs, order: ['Order', { status: 'paid', customerId: '$other.id' }] },
        ofOrder,
        {
          status: 404,
          code: 'not_found',
        },
        [],
      ),
    ],
    bestsellers: [
      example(
        'sorts by name where quantities are equal, and keeps to the limit',
        {
          ann: ['Customer', { email: 'ann@example.com', name: 'Ann' }],
          order: ['Order', { status: 'paid', customerId: '$ann.id' }],
          tea: ['Product', { name: 'Tea', priceCents: 99, stock: 20 }],
          mug: mug(5),
          item: item(2, 'tea'),
          second: item(2),
        },
        { query: { limit: 1 } },
        { status: 200, body: [{ productId: '$mug.id' }] },
      ),
    ],
  },
}
