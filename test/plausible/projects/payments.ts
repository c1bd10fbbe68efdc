// Longer than most files: a design with its examples.
import { Blueprint, type Service } from '#contract'
import { belongsTo, blueprint, entity, field } from '../../../generator/codegen/testing/blueprints.ts'
import {
  changed,
  created,
  example,
  json,
  NOT_FOUND,
  object,
  oneOf,
  operation,
  orNull,
  plain,
  propertiesOf,
  refusal,
  row,
  text,
  whole,
} from '../design.ts'
import type { PlausibleProject } from '../plausible-project.ts'
import { paymentHandlers, paymentMistakes } from './payments-code.ts'

/** Events of another program, which come twice, and calls of a service: states, several successes, headers, what runs at once. */

const rates: Service = {
  name: 'rates',
  description: 'Exchange rates',
  baseUrl: 'RATES_URL',
  auth: { kind: 'none' },
  calls: [
    {
      id: 'convert',
      summary: 'Convert cents',
      method: 'GET',
      path: '/v1/convert/:currency',
      params: propertiesOf({ currency: text }),
      query: propertiesOf({ cents: whole }),
      body: null,
      answer: object({ cents: plain('number') }),
    },
  ],
}

const design = blueprint(
  'cash-desk',
  [
    entity('Payment', {
      fields: [
        field('reference', 'string', { required: true, unique: true }),
        field('amountCents', { kind: 'integer', min: 0 }, { required: true }),
        field(
          'status',
          { kind: 'enum', values: ['pending', 'paid', 'refunded', 'settled'] },
          { required: true, default: 'pending' },
        ),
        field('paidAt', 'datetime'),
      ],
      operations: ['list', 'create', 'read'],
    }),
    entity('Delivery', {
      plural: 'Deliveries',
      fields: [
        field('number', 'string', { required: true, unique: true }),
        field('kind', { kind: 'enum', values: ['paid', 'refunded'] }, { required: true }),
      ],
      operations: ['list'],
    }),
    entity('Payout', {
      fields: [
        field('currency', 'string', { required: true }),
        field('cents', 'integer', { required: true }),
      ],
      belongsTo: [belongsTo('payment', 'Payment')],
      operations: ['list'],
    }),
  ],
  {
    config: [
      {
        name: 'RATES_URL',
        type: 'url',
        description: 'Where rates are.',
        example: 'https://rates.example.com',
      },
    ],
    services: [rates],
  },
)

const payment = (status: string, values: Record<string, string | number> = {}) =>
  ['Payment', { reference: 'R-1', amountCents: 500, status, ...values }] as const
const event = (kind: string, more: { number?: string; reference?: string; amountCents?: number } = {}) => ({
  headers: { 'x-delivery': more.number ?? 'd-1' },
  body: { kind, reference: more.reference ?? 'R-1', amountCents: more.amountCents ?? 500 },
})

const receiveEvent = operation({
  id: 'receiveEvent',
  entity: 'Payment',
  method: 'POST',
  path: '/webhooks/payments',
  summary: 'Receive an event of a payment',
  rules: [
    'The header x-delivery has the number of the delivery. One that is kept already is answered with 200 and repeated, and changes nothing.',
    'A new one is kept, and answered with 202 and accepted.',
    'paid makes a pending payment paid, at the time of the request; refunded makes a paid one refunded; in any other state the event is refused.',
    'An amount that is not that of the payment is refused.',
  ],
  access: 'public',
  headers: [{ name: 'x-delivery', shape: text, required: true }],
  body: object({ kind: oneOf('paid', 'refunded'), reference: text, amountCents: whole }),
  success: json(object({ result: oneOf('accepted') }), 202),
  others: [json(object({ result: oneOf('repeated') }), 200)],
  errors: [
    refusal(404, 'unknown_payment', 'There is no payment with this reference.'),
    refusal(409, 'wrong_state', 'The payment is not in the state for this event.'),
    refusal(422, 'wrong_amount', 'The amount is not that of the payment.'),
  ],
  examples: [
    example(
      'a payment is paid',
      { payment: payment('pending') },
      event('paid'),
      { status: 202, body: { result: 'accepted' } },
      [
        changed('payment', { status: 'paid', paidAt: '$now' }),
        created('Delivery', { number: 'd-1', kind: 'paid' }),
      ],
    ),
    example(
      'a payment is refunded',
      { payment: payment('paid', { paidAt: '2024-01-01T00:00:00Z' }) },
      event('refunded'),
      { status: 202 },
      [
        changed('payment', { status: 'refunded', paidAt: '2024-01-01T00:00:00Z' }),
        created('Delivery', { number: 'd-1', kind: 'refunded' }),
      ],
    ),
    example(
      'a delivery comes twice',
      { payment: payment('pending'), known: ['Delivery', { number: 'd-1', kind: 'paid' }] },
      event('paid'),
      { status: 200, body: { result: 'repeated' } },
      [],
    ),
    example(
      'what is not paid is not refunded',
      { payment: payment('pending') },
      event('refunded'),
      { status: 409, code: 'wrong_state' },
      [],
    ),
    example(
      'another amount is refused',
      { payment: payment('pending') },
      event('paid', { amountCents: 499 }),
      { status: 422, code: 'wrong_amount' },
      [],
    ),
    example('an unknown payment is refused', {}, event('paid'), { status: 404, code: 'unknown_payment' }, []),
  ],
})

const settled = { params: { id: '$payment.id' }, body: { currency: 'USD' } }
const answers = [{ service: 'rates', call: 'convert', answer: { cents: 1234.5 } }]

const settlePayment = operation({
  id: 'settlePayment',
  entity: 'Payment',
  method: 'POST',
  path: '/payments/:id/settle',
  summary: 'Pay a payment out',
  rules: [
    'Only a payment that is paid is settled.',
    'Its amount is converted by the service rates and rounded down to whole cents, for a payout in the currency.',
    'The payment becomes settled.',
  ],
  access: 'public',
  uses: ['rates'],
  body: object({ currency: oneOf('EUR', 'USD') }),
  success: json(row('Payout'), 201),
  errors: [NOT_FOUND, refusal(409, 'not_paid', 'The payment is not paid.')],
  examples: [
    {
      ...example(
        'pays out once',
        { payment: payment('paid') },
        settled,
        { status: 201, body: { paymentId: '$payment.id', currency: 'USD', cents: 1234 } },
        [
          changed('payment', { status: 'settled' }),
          created('Payout', { paymentId: '$payment.id', currency: 'USD', cents: 1234 }),
        ],
      ),
      answers,
    },
    example(
      'refuses what is pending',
      { payment: payment('pending') },
      settled,
      { status: 409, code: 'not_paid' },
      [],
    ),
  ],
})

const paymentFigures = operation({
  id: 'paymentFigures',
  entity: 'Payment',
  method: 'GET',
  path: '/payment-figures',
  summary: 'Figures of a month',
  rules: [
    'count and cents of all payments that were paid within the month, UTC, in any state they are in now.',
    'highest is the reference of the one with the highest amount, null if there is none.',
    'month is written as 2024-03.',
  ],
  access: 'public',
  query: propertiesOf({ month: plain('string', { min: 7, max: 7 }) }),
  success: json(object({ count: whole, cents: whole, highest: orNull(text) })),
  errors: [refusal(422, 'wrong_month', 'The month is not written as 2024-03.')],
  examples: [
    example(
      'counts what was paid within it',
      {
        before: payment('paid', { paidAt: '2024-02-29T23:59:00Z' }),
        first: payment('paid', { reference: 'R-2', amountCents: 90, paidAt: '2024-03-01T00:00:00Z' }),
        last: payment('refunded', { reference: 'R-3', amountCents: 1000, paidAt: '2024-03-31T23:59:00Z' }),
        after: payment('paid', { reference: 'R-4', paidAt: '2024-04-01T00:00:00Z' }),
        never: payment('pending', { reference: 'R-5' }),
      },
      { query: { month: '2024-03' } },
      { status: 200, body: { count: 2, cents: 1090, highest: 'R-3' } },
    ),
    example(
      'has nothing of an empty month',
      {},
      { query: { month: '2024-03' } },
      { status: 200, body: { count: 0, cents: 0, highest: null } },
    ),
    example(
      'refuses what is no month',
      {},
      { query: { month: '2024-13' } },
      { status: 422, code: 'wrong_month' },
    ),
  ],
})

export const payments: PlausibleProject = {
  blueprint: Blueprint.parse({ ...design, operations: [receiveEvent, settlePayment, paymentFigures] }),
  handlers: paymentHandlers,
  mistakes: paymentMistakes,
  further: {
    receiveEvent: [
      example(
        'what is paid is not paid again',
        { payment: payment('paid', { paidAt: '2024-01-01T00:00:00Z' }) },
        event('paid'),
        { status: 409, code: 'wrong_state' },
        [],
      ),
      example(
        'another payment is left alone',
        { payment: payment('pending'), other: payment('pending', { reference: 'R-2' }) },
        event('paid', { reference: 'R-2' }),
        { status: 202 },
        [changed('other', { status: 'paid' }), created('Delivery', {})],
      ),
    ],
    settlePayment: [],
    paymentFigures: [
      example(
        'refuses a month zero',
        {},
        { query: { month: '2024-00' } },
        { status: 422, code: 'wrong_month' },
      ),
      example(
        'counts nothing that is not paid, in the first of all months',
        { payment: payment('pending') },
        { query: { month: '1970-01' } },
        { status: 200, body: { count: 0 } },
      ),
    ],
  },
}
