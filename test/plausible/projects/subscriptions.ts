import { Blueprint, type Schedule, type Service } from '#contract'
import { belongsTo, blueprint, entity, field } from '../../../generator/codegen/testing/blueprints.ts'
import {
  changed,
  created,
  example,
  json,
  NOT_FOUND,
  object,
  operation,
  propertiesOf,
  refusal,
  row,
  taskExample,
  text,
} from '../design.ts'
import type { PlausibleProject } from '../plausible-project.ts'
import { subscriptionHandlers, subscriptionMistakes } from './subscriptions-code.ts'

/** What happens by the clock: days and months, what is done once, mail by another service. */

const mail: Service = {
  name: 'mail',
  description: 'Sends mail',
  baseUrl: 'MAIL_URL',
  auth: { kind: 'bearer', secret: 'MAIL_KEY' },
  calls: [
    {
      id: 'send',
      summary: 'Send a message',
      method: 'POST',
      path: '/v1/messages',
      params: [],
      query: [],
      body: object({ to: text, subject: text }),
      answer: null,
    },
  ],
}

const design = blueprint(
  'magazine',
  [
    entity('Subscription', {
      fields: [
        field('email', 'email', { required: true }),
        field('plan', { kind: 'enum', values: ['basic', 'plus'] }, { required: true }),
        field('renewsOn', 'date', { required: true }),
        field(
          'status',
          { kind: 'enum', values: ['active', 'expired', 'cancelled'] },
          { required: true, default: 'active' },
        ),
        field('remindedOn', 'date'),
      ],
    }),
    entity('Invoice', {
      fields: [
        field('amountCents', { kind: 'integer', min: 0 }, { required: true }),
        field('issuedOn', 'date', { required: true }),
      ],
      belongsTo: [belongsTo('subscription', 'Subscription')],
      operations: ['list', 'read'],
    }),
  ],
  {
    config: [
      {
        name: 'MAIL_URL',
        type: 'url',
        description: 'Where mail is sent.',
        example: 'https://mail.example.com',
      },
      { name: 'MAIL_KEY', type: 'secret', description: 'What the mail service knows us by.' },
    ],
    services: [mail],
  },
)

const subscription = (renewsOn: string, values: Record<string, string> = {}) =>
  ['Subscription', { email: 'ann@example.com', plan: 'basic', renewsOn, ...values }] as const

const expireSubscriptions: Schedule = {
  id: 'expireSubscriptions',
  description: 'Let subscriptions expire',
  rules: [
    'Active subscriptions whose renewsOn is before today (UTC) become expired.',
    'All others stay as they are.',
  ],
  when: { kind: 'daily', at: '02:00' },
  examples: [
    taskExample(
      'expires what was to be renewed yesterday',
      '2030-06-02T02:00:00Z',
      {
        late: subscription('2030-06-01'),
        today: subscription('2030-06-02'),
        left: subscription('2030-05-01', { status: 'cancelled' }),
      },
      [changed('late', { status: 'expired', renewsOn: '2030-06-01' })],
    ),
  ],
}

const remindSubscribers: Schedule = {
  id: 'remindSubscribers',
  description: 'Remind subscribers by mail',
  rules: [
    'Every member with an active subscription that renews in seven days from today (UTC) is sent a mail by the service mail, with the subject Your subscription renews soon.',
    'remindedOn becomes today; who was reminded already gets no mail.',
    'A mail that cannot be sent is logged, and the others are sent.',
  ],
  when: { kind: 'daily', at: '08:00' },
  uses: ['mail'],
  examples: [
    taskExample(
      'reminds once, seven days before',
      '2030-06-01T08:00:00Z',
      {
        soon: subscription('2030-06-08', { email: 'soon@example.com' }),
        later: subscription('2030-06-09'),
        sooner: subscription('2030-06-07'),
        told: subscription('2030-06-08', { remindedOn: '2030-06-01' }),
        gone: subscription('2030-06-08', { status: 'cancelled' }),
      },
      [changed('soon', { remindedOn: '2030-06-01' })],
      {
        calls: [
          {
            service: 'mail',
            call: 'send',
            input: { body: { to: 'soon@example.com', subject: 'Your subscription renews soon' } },
          },
        ],
      },
    ),
    taskExample(
      'sends nothing where nothing is due',
      '2030-06-01T08:00:00Z',
      { later: subscription('2030-07-01') },
      [],
      {
        calls: [],
      },
    ),
  ],
}

const issueInvoices: Schedule = {
  id: 'issueInvoices',
  description: 'Issue the invoices of the day',
  rules: [
    'Active subscriptions that renew today (UTC) get an invoice of today: 500 cents for basic, 900 for plus.',
    'renewsOn moves by a month: to the same day of the next month, or its last day if it has no such day.',
  ],
  when: { kind: 'daily', at: '01:00' },
  examples: [
    taskExample(
      'invoices what renews today',
      '2030-01-31T01:00:00Z',
      {
        basic: subscription('2030-01-31'),
        plus: subscription('2030-01-31', { plan: 'plus' }),
        later: subscription('2030-02-01'),
        gone: subscription('2030-01-31', { status: 'cancelled' }),
      },
      [
        created('Invoice', { subscriptionId: '$basic.id', amountCents: 500, issuedOn: '2030-01-31' }),
        created('Invoice', { subscriptionId: '$plus.id', amountCents: 900, issuedOn: '2030-01-31' }),
        changed('basic', { renewsOn: '2030-02-28' }),
        changed('plus', { renewsOn: '2030-02-28' }),
      ],
    ),
    taskExample('goes on in the next year', '2030-12-15T01:00:00Z', { basic: subscription('2030-12-15') }, [
      created('Invoice', { subscriptionId: '$basic.id', amountCents: 500 }),
      changed('basic', { renewsOn: '2031-01-15' }),
    ]),
  ],
}

const changePlan = operation({
  id: 'changePlan',
  entity: 'Subscription',
  method: 'PUT',
  path: '/subscriptions/:id/plan',
  summary: 'Change the plan',
  rules: ['Only an active subscription changes its plan; the same plan again is refused.'],
  access: 'public',
  body: {
    kind: 'object',
    nullable: false,
    properties: propertiesOf({ plan: { kind: 'enum', values: ['basic', 'plus'], nullable: false } }),
  },
  success: json(row('Subscription')),
  errors: [
    NOT_FOUND,
    refusal(409, 'not_active', 'The subscription is not active.'),
    refusal(409, 'same_plan', 'It is the plan already.'),
  ],
  examples: [
    example(
      'changes the plan',
      { one: subscription('2100-01-01'), other: subscription('2100-01-01') },
      { params: { id: '$one.id' }, body: { plan: 'plus' } },
      { status: 200, body: { plan: 'plus' } },
      [changed('one', { plan: 'plus', status: 'active' })],
    ),
    example(
      'refuses where it has expired',
      { one: subscription('2020-01-01', { status: 'expired' }) },
      { params: { id: '$one.id' }, body: { plan: 'plus' } },
      { status: 409, code: 'not_active' },
      [],
    ),
    example(
      'refuses the same plan',
      { one: subscription('2100-01-01') },
      { params: { id: '$one.id' }, body: { plan: 'basic' } },
      { status: 409, code: 'same_plan' },
      [],
    ),
  ],
})

export const subscriptions: PlausibleProject = {
  blueprint: Blueprint.parse({
    ...design,
    operations: [changePlan],
    schedules: [expireSubscriptions, remindSubscribers, issueInvoices],
  }),
  handlers: subscriptionHandlers,
  mistakes: subscriptionMistakes,
  further: { changePlan: [] },
}
