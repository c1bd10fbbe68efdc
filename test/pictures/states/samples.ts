import {
  STAGES,
  notStarted,
  type JobNeeds,
  type JobView,
  type Report,
  type Stage,
  type Step,
} from '#contract'
import { aView } from '../../../bots/testing/views.ts'
import { gateReportOf, jobId, noUsage, planOf, reportOf } from '#contract/testing/samples'

/** One shop, at every moment of its job. The clock of the pictures stands still. */

export const PROMPT =
  'A shop for used bikes: products with a price and a condition, orders, customers and reviews. ' +
  'Customers sign in, only admins delete. Email a receipt for each order. Make it pop.'

const START = Date.parse('2026-11-23T10:24:00.000Z')
export const at = (seconds: number): string => new Date(START + seconds * 1_000).toISOString()

const DETAIL: Readonly<Partial<Record<Stage, string>>> = {
  intake: 'gpt-5.4',
  design: '5 entities, 31 routes',
  lint: '31 routes',
  render: '96 files',
  write: '2 of 3 operations',
  verify: '212 tests passed',
  repair: '1 file rewritten',
  review: '2 findings, 1 fixed',
  mutants: '38 of 40 killed',
  pack: 'bike-shop.zip, 73 KiB',
}

/** The stages up to `now`, which runs; `detail` is what it says meanwhile. */
export function stepsUntil(now: Stage, detail: string | null = null): Step[] {
  const place = STAGES.indexOf(now)
  return notStarted.steps.map((step, index) => {
    if (index > place) return step
    const startedAt = at(2 + index * 14)
    return index === place
      ? { ...step, status: 'active', startedAt, detail }
      : {
          ...step,
          status: 'done',
          startedAt,
          finishedAt: at(2 + (index + 1) * 14 - 5),
          detail: DETAIL[step.stage] ?? null,
        }
  })
}

const withoutRepair = (steps: Step[]): Step[] =>
  steps.map((step) => (step.stage === 'repair' ? { ...step, status: 'skipped', detail: null } : step))

const ROUTES: Report['routes'] = [
  { method: 'POST', path: '/auth/register' },
  { method: 'POST', path: '/auth/login' },
  ...['products', 'orders', 'customers', 'reviews', 'order-lines'].flatMap((name) => [
    { method: 'GET', path: `/${name}` },
    { method: 'POST', path: `/${name}` },
    { method: 'GET', path: `/${name}/:id` },
    { method: 'PATCH', path: `/${name}/:id` },
    { method: 'DELETE', path: `/${name}/:id` },
  ]),
  { method: 'GET', path: '/products/:id/reviews' },
  { method: 'GET', path: '/customers/:id/orders' },
  { method: 'POST', path: '/orders/:id/receipt' },
  { method: 'POST', path: '/orders/:id/cancel' },
]

export const aShop = (over: Partial<Report> = {}): Report =>
  reportOf({
    designer: { kind: 'openai', model: 'gpt-5.4' },
    title: 'Bike shop',
    entities: [
      { name: 'Product', fields: ['name', 'price', 'condition', 'description'] },
      { name: 'Order', fields: ['number', 'status', 'total', 'customerId'] },
      { name: 'Customer', fields: ['email', 'name', 'passwordHash'] },
      { name: 'Review', fields: ['rating', 'text', 'productId', 'customerId'] },
      { name: 'OrderLine', fields: ['quantity', 'price', 'orderId', 'productId'] },
    ],
    routes: ROUTES,
    settings: [{ name: 'JWT_SECRET', description: 'signs the tokens of customers; 32 characters or more' }],
    assumptions: [
      'The condition of a product is one of: new, good, fair, poor.',
      'Prices are in euro cents.',
      'A review has a rating from 1 to 5.',
      'Customers see their own orders only.',
    ],
    verification: gateReportOf({
      gates: [
        { name: 'types', status: 'passed', detail: '71 TypeScript files without a type error', ms: 5_100 },
        { name: 'boot', status: 'passed', detail: 'the service starts and listens', ms: 900 },
        { name: 'openapi', status: 'passed', detail: 'valid OpenAPI 3.1.0 with 33 operations', ms: 300 },
        { name: 'tests', status: 'passed', detail: '212 tests passed', ms: 9_400 },
      ],
      tests: { passed: 212, failed: 0, skipped: 0 },
    }),
    mutants: { killed: 38, all: 40, survivors: ['src/handlers/cancel-order.ts:14: > became >='] },
    ledger: { ...noUsage, calls: 6, inputTokens: 21_400, outputTokens: 9_870, costUsd: 0.2134 },
    timings: { design: 21_000, write: 34_000, verify: 41_000, mutants: 52_000 },
    repairRounds: 1,
    ...over,
  })

/** What the prompt asked for and nobody could build. */
export const UNFINISHED: Partial<Report> = {
  gaps: [
    { operation: 'POST /orders/:id/receipt', reason: 'the request does not say which email service to use' },
  ],
  notUnderstood: ['make it pop'],
}

export const aJob = (over: Partial<JobView> = {}): JobView =>
  aView({ jobId, prompt: PROMPT, createdAt: at(0), ...over })

export const running = (stage: Stage, progress: number, over: Partial<JobView> = {}): JobView =>
  aJob({
    state: 'active',
    progress,
    stage,
    attempt: 1,
    startedAt: at(2),
    steps: stepsUntil(stage),
    ...over,
  })

export const finished = (report: Partial<Report> = {}, over: Partial<JobView> = {}): JobView =>
  aJob({
    state: 'completed',
    progress: 100,
    attempt: 1,
    startedAt: at(2),
    finishedAt: at(170),
    result: { success: true, files: Array.from({ length: 96 }, (_, index) => `src/file-${index}.ts`) },
    steps: withoutRepair(stepsUntil('pack')).map((step) =>
      step.stage === 'pack'
        ? { ...step, status: 'done', finishedAt: at(170), detail: DETAIL.pack ?? null }
        : step,
    ),
    archive: {
      filename: 'bike-shop.zip',
      bytes: 74_312,
      sha256: 'bcdd06dd30d5f6a1'.repeat(4),
      url: `/jobs/${jobId}/archive`,
    },
    report: aShop(report),
    ...over,
  })

export const failed = (code: string, message = '', over: Partial<JobView> = {}): JobView =>
  aJob({
    state: 'failed',
    attempt: 1,
    startedAt: at(2),
    finishedAt: at(47),
    error: { code, message },
    steps: stepsUntil('design').map((step) =>
      step.status === 'active' ? { ...step, status: 'failed', finishedAt: at(47) } : step,
    ),
    ledger: { ...noUsage, calls: 1, inputTokens: 3_200, outputTokens: 0, costUsd: 0.0121 },
    ...over,
  })

const nothing = { added: [], changed: [], removed: [] }
/** The second version, which loses data when it is installed over the first. */
export const refined = (): JobView =>
  finished(
    {
      changes: {
        entities: { ...nothing, added: ['Supplier: name, email'] },
        fields: {
          added: ['Product.supplierId'],
          changed: ['Customer.email: unique'],
          removed: ['Product.description'],
        },
        routes: { ...nothing, added: ['GET /suppliers', 'POST /suppliers'] },
        other: [],
        migrations: ['src/migrations/0002_version_2.sql'],
        files: nothing,
        dataLoss: ['Product.description of every row'],
        filled: ['Product.supplierId is empty'],
        conditions: ['no two rows have the same Customer.email'],
        reused: ['cancelOrder'],
      },
      assumptions: [],
    },
    { version: 2, prompt: 'Add suppliers, make emails unique and drop the description of products.' },
  )

/** The file of a plan's diagram. */
export const PICTURE = 'plan-1.png'

/** The plan of the shop, with a question. */
export const aPlan: JobNeeds = {
  plan: planOf({
    title: 'Bike shop',
    name: 'bike-shop',
    entities: aShop().entities.map(({ name, fields }) => ({
      name,
      fields: fields.map((field) => ({ name: field, type: 'text', required: true, unique: false })),
      relations: [],
    })),
    routes: [{ resource: 'Shop', routes: ROUTES.map((route) => ({ ...route, summary: null })) }],
    rules: ['Customers sign in.', 'Only admins delete.'],
    assumptions: aShop().assumptions,
    notUnderstood: ['make it pop'],
    estimate: {
      costUsd: { from: 0.12, to: 0.35 },
      seconds: { from: 90, to: 240 },
      spentUsd: 0.04,
      basis: '3 operations to write and 31 routes to check.',
    },
  }),
  questions: [
    {
      id: 'receipts',
      text: 'Which service sends the receipts?',
      choices: [
        { id: 'smtp', label: 'An SMTP server', assumed: true },
        { id: 'none', label: 'None for now', assumed: false },
      ],
      freeText: true,
    },
  ],
}
