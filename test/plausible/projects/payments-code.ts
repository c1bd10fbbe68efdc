import type { Mistake } from '../plausible-project.ts'

export const paymentHandlers = {
  receiveEvent: `import { ApiError } from '../errors.ts';
import type { OperationContext } from '../operation-context.ts';
import type { ReceiveEventInput, ReceiveEventResult } from '../schemas/operations/receive-event.ts';

export function receiveEvent({ headers, body }: ReceiveEventInput, { repositories, transaction, now }: OperationContext): ReceiveEventResult {
  const number = headers['x-delivery'];
  return transaction(() => {
    if (repositories.deliveries.findBy({ number })) return { status: 200, body: { result: 'repeated' } };
    const payment = repositories.payments.findBy({ reference: body.reference });
    if (!payment) throw new ApiError(404, 'unknown_payment', 'There is no payment with this reference.');
    if (payment.amountCents !== body.amountCents) throw new ApiError(422, 'wrong_amount', 'The amount is not that of the payment.');
    const before = body.kind === 'paid' ? 'pending' : 'paid';
    if (payment.status !== before) throw new ApiError(409, 'wrong_state', 'The payment is not in the state for this event.');
    repositories.payments.update(payment.id, {
      status: body.kind,
      ...(body.kind === 'paid' && { paidAt: now().toISOString() }),
    });
    repositories.deliveries.insert({ number, kind: body.kind });
    return { status: 202, body: { result: 'accepted' } };
  });
}
`,
  settlePayment: `import { ApiError } from '../errors.ts';
import type { OperationContext } from '../operation-context.ts';
import type { SettlePaymentInput, SettlePaymentResult } from '../schemas/operations/settle-payment.ts';
import type { Services } from '../services/index.ts';

export async function settlePayment(
  { params, body }: SettlePaymentInput,
  { repositories, transaction, services }: OperationContext & { services: Pick<Services, 'rates'> },
): Promise<SettlePaymentResult> {
  const { currency } = body;
  const paid = () => {
    const payment = repositories.payments.find(params.id);
    if (!payment) throw new ApiError(404, 'not_found', 'There is no such payment.');
    if (payment.status !== 'paid') throw new ApiError(409, 'not_paid', 'The payment is not paid.');
    return payment;
  };
  const { amountCents } = paid();
  const { cents } = await services.rates.convert({ params: { currency }, query: { cents: amountCents } });
  return transaction(() => {
    const { id } = paid();
    repositories.payments.update(id, { status: 'settled' });
    return repositories.payouts.insert({ paymentId: id, currency, cents: Math.floor(cents) });
  });
}
`,
  paymentFigures: `import { ApiError } from '../errors.ts';
import type { OperationContext } from '../operation-context.ts';
import type { PaymentFiguresInput, PaymentFiguresResult } from '../schemas/operations/payment-figures.ts';

export function paymentFigures({ query }: PaymentFiguresInput, { repositories }: OperationContext): PaymentFiguresResult {
  if (!/^\\d{4}-(0[1-9]|1[0-2])$/.test(query.month)) throw new ApiError(422, 'wrong_month', 'The month is not written as 2024-03.');
  const result: PaymentFiguresResult = { count: 0, cents: 0, highest: null };
  let most = -1;
  let offset = 0;
  let found = 1;
  while (offset < found) {
    const { data, pagination } = repositories.payments.page({ limit: 1000, offset, sort: 'createdAt', order: 'asc' });
    for (const { reference, amountCents, paidAt } of data) {
      if (paidAt === null || new Date(paidAt).toISOString().slice(0, 7) !== query.month) continue;
      result.count += 1;
      result.cents += amountCents;
      if (amountCents > most) {
        most = amountCents;
        result.highest = reference;
      }
    }
    found = pagination.total;
    offset += 1000;
  }
  return result;
}
`,
}

export const paymentMistakes: readonly Mistake[] = [
  {
    name: 'another status where nothing is new',
    in: 'receiveEvent',
    instead: [
      [
        `return { status: 200, body: { result: 'repeated' } };`,
        `return { status: 202, body: { result: 'accepted' } };`,
      ],
    ],
    by: 'tests',
  },
  {
    name: 'what was received is not kept',
    in: 'receiveEvent',
    instead: [['    repositories.deliveries.insert({ number, kind: body.kind });\n', '']],
    by: 'tests',
  },
  {
    name: 'a delivery that comes twice is handled twice',
    in: 'receiveEvent',
    instead: [
      [
        `    if (repositories.deliveries.findBy({ number })) return { status: 200, body: { result: 'repeated' } };\n`,
        '',
      ],
    ],
    by: 'tests',
  },
  {
    name: 'any state before is let through',
    in: 'receiveEvent',
    instead: [
      [
        `if (payment.status !== before) throw`,
        `if (body.kind === 'refunded' && payment.status !== before) throw`,
      ],
    ],
    by: 'further examples',
  },
  {
    name: 'a time is written where it should stay',
    in: 'receiveEvent',
    instead: [
      [`...(body.kind === 'paid' && { paidAt: now().toISOString() }),`, 'paidAt: now().toISOString(),'],
    ],
    by: 'tests',
  },
  {
    name: 'an amount is not compared',
    in: 'receiveEvent',
    instead: [
      [
        `    if (payment.amountCents !== body.amountCents) throw new ApiError(422, 'wrong_amount', 'The amount is not that of the payment.');\n`,
        '',
      ],
    ],
    by: 'tests',
  },
  {
    name: 'an amount is only compared from above',
    in: 'receiveEvent',
    instead: [['payment.amountCents !== body.amountCents', 'payment.amountCents < body.amountCents']],
    by: 'tests',
  },
  {
    name: 'a header by a name that it does not have',
    in: 'receiveEvent',
    instead: [[`headers['x-delivery']`, `headers['x-delivery-id']`]],
    by: 'types',
  },
  {
    name: 'checked, waited, and written without a second look',
    in: 'settlePayment',
    instead: [
      ['const { amountCents } = paid();', 'const { id, amountCents } = paid();'],
      ['    const { id } = paid();\n', ''],
    ],
    by: 'tests',
  },
  {
    name: 'rounded to the nearest',
    in: 'settlePayment',
    instead: [['Math.floor(cents)', 'Math.round(cents)']],
    by: 'tests',
  },
  {
    name: 'a promise is not awaited before it is taken apart',
    in: 'settlePayment',
    instead: [
      ['const { cents } = await services', 'const { cents } = services'],
      ['export async function', 'export async function'],
    ],
    by: 'types',
  },
  {
    name: 'the end of the month is its beginning',
    in: 'paymentFigures',
    instead: [
      [
        'new Date(paidAt).toISOString().slice(0, 7) !== query.month',
        'paidAt < `${query.month}-01` || paidAt > `${query.month}-31`',
      ],
    ],
    by: 'tests',
  },
  {
    name: 'only rows of the present state count',
    in: 'paymentFigures',
    instead: [
      [
        'const { reference, amountCents, paidAt } of data',
        'const { reference, amountCents, paidAt, status } of data',
      ],
      ['if (paidAt === null ||', `if (paidAt === null || status !== 'paid' ||`],
    ],
    by: 'tests',
  },
  {
    name: 'no value becomes an empty text',
    in: 'paymentFigures',
    instead: [['cents: 0, highest: null', `cents: 0, highest: ''`]],
    by: 'tests',
  },
]
