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
  orNull,
  plain,
  propertiesOf,
  refusal,
  row,
  text,
  whole,
} from '../design.ts'
import type { PlausibleProject } from '../plausible-project.ts'
import { walletHandlers, walletMistakes } from './wallets-code.ts'

/** Money between wallets: two sides of a change, an audit, pages of a statement. */

const design = blueprint(
  'pocket-money',
  [
    entity('Person', {
      plural: 'People',
      fields: [
        field('email', 'email', { required: true, unique: true }),
        field('name', 'string', { required: true }),
      ],
      operations: ['read', 'update'],
      access: { read: 'owner', write: 'owner' },
    }),
    entity('Wallet', {
      fields: [
        field('name', 'string', { required: true }),
        field('balanceCents', { kind: 'integer', min: 0 }, { required: true, default: 0 }),
      ],
      belongsTo: [belongsTo('person', 'Person')],
      owner: 'person',
      operations: ['list', 'read'],
      access: { read: 'owner', write: 'owner' },
    }),
    entity('Transfer', {
      fields: [
        field('amountCents', { kind: 'integer', min: 1 }, { required: true }),
        field('note', 'string'),
      ],
      belongsTo: [
        belongsTo('from', 'Wallet', { onDelete: 'restrict' }),
        belongsTo('to', 'Wallet', { onDelete: 'restrict' }),
      ],
      operations: [],
    }),
    entity('AuditEntry', {
      plural: 'AuditEntries',
      fields: [
        field('action', { kind: 'enum', values: ['sent', 'received'] }, { required: true }),
        field('amountCents', 'integer', { required: true }),
      ],
      belongsTo: [belongsTo('wallet', 'Wallet')],
      operations: [],
    }),
  ],
  { auth: { kind: 'jwt', account: 'Person' } },
)

const ann = ['Person', { email: 'ann@example.com', name: 'Ann' }] as const
const wallet = (balanceCents: number, person = 'me') =>
  ['Wallet', { name: 'Main', balanceCents, personId: `$${person}.id` }] as const
const sent = (amountCents: number) => ({ params: { id: '$from.id' }, body: { toId: '$to.id', amountCents } })

const transferMoney = operation({
  id: 'transferMoney',
  entity: 'Wallet',
  method: 'POST',
  path: '/wallets/:id/transfers',
  summary: 'Send money to another wallet',
  rules: [
    'Only the owner of the wallet may send from it; for everybody else it is not found. The other wallet may be anybody’s.',
    'A wallet sends nothing to itself, and not more than its balance, which may become zero.',
    'The balance of one becomes less and of the other more by the amount.',
    'An audit entry with the action sent is kept for the one, with the action received for the other, both with the amount.',
  ],
  body: {
    kind: 'object',
    nullable: false,
    properties: [
      ...propertiesOf({ toId: plain('uuid'), amountCents: plain('integer', { min: 1 }) }),
      optional('note', orNull(text)),
    ],
  },
  success: json(row('Transfer'), 201),
  errors: [
    NOT_FOUND,
    refusal(404, 'no_receiver', 'There is no wallet with the id toId.'),
    refusal(409, 'insufficient_funds', 'The balance is less than the amount.'),
    refusal(422, 'same_wallet', 'Both wallets are the same.'),
  ],
  examples: [
    example(
      'moves money and keeps an audit',
      { ann, from: wallet(1000), to: wallet(50, 'ann') },
      { params: { id: '$from.id' }, body: { toId: '$to.id', amountCents: 300, note: 'Lunch' } },
      { status: 201, body: { fromId: '$from.id', toId: '$to.id', amountCents: 300, note: 'Lunch' } },
      [
        changed('from', { balanceCents: 700 }),
        changed('to', { balanceCents: 350 }),
        created('Transfer', { fromId: '$from.id', toId: '$to.id', amountCents: 300, note: 'Lunch' }),
        created('AuditEntry', { walletId: '$from.id', action: 'sent', amountCents: 300 }),
        created('AuditEntry', { walletId: '$to.id', action: 'received', amountCents: 300 }),
      ],
    ),
    example('needs no note', { ann, from: wallet(1000), to: wallet(50, 'ann') }, sent(1), {
      status: 201,
      body: { note: null },
    }),
    example(
      'refuses more than there is',
      { ann, from: wallet(1000), to: wallet(50, 'ann') },
      sent(5000),
      { status: 409, code: 'insufficient_funds' },
      [],
    ),
    example(
      'refuses to send from the wallet of another account',
      { ann, from: wallet(1000, 'ann'), to: wallet(50) },
      sent(300),
      { status: 404, code: 'not_found' },
      [],
    ),
    example(
      'refuses to send to itself',
      { from: wallet(1000) },
      { params: { id: '$from.id' }, body: { toId: '$from.id', amountCents: 1 } },
      { status: 422, code: 'same_wallet' },
      [],
    ),
    example(
      'needs a receiver',
      { from: wallet(1000) },
      {
        params: { id: '$from.id' },
        body: { toId: '00000000-0000-4000-8000-000000000000', amountCents: 1 },
      },
      { status: 404, code: 'no_receiver' },
      [],
    ),
  ],
})

const between = (amountCents: number, createdAt: string, way: 'in' | 'out' = 'out') =>
  [
    'Transfer',
    {
      amountCents,
      createdAt,
      fromId: way === 'out' ? '$mine.id' : '$theirs.id',
      toId: way === 'out' ? '$theirs.id' : '$mine.id',
    },
  ] as const
const both = { ann, mine: wallet(1000), theirs: wallet(50, 'ann') }

const statement = operation({
  id: 'statement',
  entity: 'Wallet',
  method: 'GET',
  path: '/wallets/:id/statement',
  summary: 'What came and went',
  rules: [
    'Only for the owner of the wallet; for everybody else it is not found.',
    'The transfers from and to the wallet, the newest first: amountCents is negative where money left it.',
    'from and to are days (UTC), and both count; without them there is no such bound.',
    'items has at most limit entries after the first offset ones; total counts all within the bounds.',
  ],
  query: [
    optional('from', plain('date')),
    optional('to', plain('date')),
    optional('limit', plain('integer', { min: 1, max: 100 }), 20),
    optional('offset', plain('integer', { min: 0 }), 0),
  ],
  success: json(
    object({
      items: listOf(
        object({ id: plain('uuid'), amountCents: whole, at: plain('datetime'), note: orNull(text) }),
      ),
      total: whole,
    }),
  ),
  errors: [NOT_FOUND],
  examples: [
    example(
      'has both ways, the newest first',
      {
        ...both,
        first: between(100, '2024-03-01T10:00:00Z'),
        second: between(40, '2024-03-02T10:00:00Z', 'in'),
      },
      { params: { id: '$mine.id' } },
      {
        status: 200,
        body: {
          items: [
            { id: '$second.id', amountCents: 40, note: null },
            { id: '$first.id', amountCents: -100 },
          ],
          total: 2,
        },
      },
    ),
    example(
      'counts both days',
      {
        ...both,
        before: between(1, '2024-02-29T23:59:00Z'),
        first: between(2, '2024-03-01T00:00:00Z'),
        last: between(3, '2024-03-02T23:30:00Z'),
        after: between(4, '2024-03-03T00:00:00Z'),
      },
      { params: { id: '$mine.id' }, query: { from: '2024-03-01', to: '2024-03-02' } },
      { status: 200, body: { items: [{ id: '$last.id' }, { id: '$first.id' }], total: 2 } },
    ),
    example(
      'has pages',
      {
        ...both,
        first: between(1, '2024-03-01T00:00:00Z'),
        second: between(2, '2024-03-02T00:00:00Z'),
        third: between(3, '2024-03-03T00:00:00Z'),
      },
      { params: { id: '$mine.id' }, query: { limit: 1, offset: 1 } },
      { status: 200, body: { items: [{ id: '$second.id' }], total: 3 } },
    ),
    example(
      'is not for others',
      { ...both },
      { params: { id: '$theirs.id' } },
      { status: 404, code: 'not_found' },
    ),
  ],
})

const walletSummary = operation({
  id: 'walletSummary',
  entity: 'Wallet',
  method: 'GET',
  path: '/wallet-summary',
  summary: 'What one has',
  rules: ['count and totalCents of the wallets of the account that asks. Wallets without money count.'],
  success: json(object({ count: whole, totalCents: whole })),
  examples: [
    example(
      'adds up the own wallets',
      {
        ann,
        one: wallet(1000),
        other: wallet(250),
        empty: wallet(0),
        theirs: wallet(50, 'ann'),
      },
      {},
      { status: 200, body: { count: 3, totalCents: 1250 } },
    ),
    example('is zero without wallets', {}, {}, { status: 200, body: { count: 0, totalCents: 0 } }),
  ],
})

export const wallets: PlausibleProject = {
  blueprint: Blueprint.parse({ ...design, operations: [transferMoney, statement, walletSummary] }),
  handlers: walletHandlers,
  mistakes: walletMistakes,
  further: {
    transferMoney: [
      example(
        'sends all that is there',
        { ann, from: wallet(300), to: wallet(50, 'ann') },
        sent(300),
        { status: 201 },
        [
          changed('from', { balanceCents: 0 }),
          changed('to', { balanceCents: 350 }),
          created('Transfer', { note: null }),
          created('AuditEntry', { action: 'sent' }),
          created('AuditEntry', { action: 'received' }),
        ],
      ),
    ],
    statement: [],
    walletSummary: [],
  },
}
