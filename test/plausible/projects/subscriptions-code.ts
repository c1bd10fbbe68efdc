import type { Mistake } from '../plausible-project.ts'

const reading = (where: string, into: string) => `  let offset = 0;
  let found = 1;
  while (offset < found && !signal.aborted) {
    const { data, pagination } = repositories.subscriptions.page({ limit: 1000, offset, sort: 'createdAt', order: 'asc', where: ${where} });
    ${into}
    found = pagination.total;
    offset += 1000;
  }`

export const subscriptionHandlers = {
  changePlan: `import { ApiError } from '../errors.ts';
import type { OperationContext } from '../operation-context.ts';
import type { ChangePlanInput, ChangePlanResult } from '../schemas/operations/change-plan.ts';

export function changePlan({ params, body }: ChangePlanInput, { repositories, transaction }: OperationContext): ChangePlanResult {
  return transaction(() => {
    const subscription = repositories.subscriptions.find(params.id);
    if (!subscription) throw new ApiError(404, 'not_found', 'There is no such subscription.');
    if (subscription.status !== 'active') throw new ApiError(409, 'not_active', 'The subscription is not active.');
    if (subscription.plan === body.plan) throw new ApiError(409, 'same_plan', 'It is the plan already.');
    return repositories.subscriptions.update(subscription.id, { plan: body.plan }) ?? subscription;
  });
}
`,
  expireSubscriptions: `import type { TaskContext } from '../task-context.ts';

export function expireSubscriptions({ repositories, now, signal, log }: TaskContext): void {
  const today = now().toISOString().slice(0, 10);
  const late: string[] = [];
${reading(`{ status: 'active' }`, 'for (const { id, renewsOn } of data) if (renewsOn < today) late.push(id);')}
  for (const id of late) repositories.subscriptions.update(id, { status: 'expired' });
  log.info({ expired: late.length }, 'subscriptions expired');
}
`,
  remindSubscribers: `import type { Services } from '../services/index.ts';
import type { TaskContext } from '../task-context.ts';

export async function remindSubscribers({ repositories, services, now, signal, log }: TaskContext & { services: Pick<Services, 'mail'> }): Promise<void> {
  const today = now().toISOString().slice(0, 10);
  const soon = new Date(Date.parse(today) + 7 * 86_400_000).toISOString().slice(0, 10);
  const due: { id: string; email: string }[] = [];
${reading(`{ status: 'active', renewsOn: soon, remindedOn: null }`, 'due.push(...data);')}
  let sent = 0;
  for (const { id, email } of due) {
    if (signal.aborted) break;
    try {
      await services.mail.send({ body: { to: email, subject: 'Your subscription renews soon' } });
      repositories.subscriptions.update(id, { remindedOn: today });
      sent += 1;
    } catch (error) {
      log.warn({ id, error }, 'a reminder could not be sent');
    }
  }
  log.info({ sent, due: due.length }, 'reminders sent');
}
`,
  issueInvoices: `import type { TaskContext } from '../task-context.ts';

const PRICES = { basic: 500, plus: 900 };

function monthAfter(day: string): string {
  const [year = 0, month = 0, date = 0] = day.split('-').map(Number);
  const last = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  return new Date(Date.UTC(year, month, Math.min(date, last))).toISOString().slice(0, 10);
}

export function issueInvoices({ repositories, transaction, now, signal, log }: TaskContext): void {
  const today = now().toISOString().slice(0, 10);
  const due: { id: string; plan: 'basic' | 'plus' }[] = [];
${reading(`{ status: 'active', renewsOn: today }`, 'due.push(...data);')}
  for (const { id, plan } of due)
    transaction(() => {
      repositories.invoices.insert({ subscriptionId: id, amountCents: PRICES[plan], issuedOn: today });
      repositories.subscriptions.update(id, { renewsOn: monthAfter(today) });
    });
  log.info({ issued: due.length }, 'invoices issued');
}
`,
}

export const subscriptionMistakes: readonly Mistake[] = [
  {
    name: 'a task that does nothing',
    in: 'expireSubscriptions',
    instead: [
      [`  for (const id of late) repositories.subscriptions.update(id, { status: 'expired' });\n`, ''],
    ],
    by: 'tests',
  },
  {
    name: 'a task that does too much',
    in: 'expireSubscriptions',
    instead: [['if (renewsOn < today) late.push(id);', 'late.push(id, ...(renewsOn < today ? [id] : []));']],
    by: 'tests',
  },
  {
    name: 'a task that acts a day early',
    in: 'expireSubscriptions',
    instead: [['renewsOn < today', 'renewsOn <= today']],
    by: 'tests',
  },
  {
    name: 'a task that removes instead of marking',
    in: 'expireSubscriptions',
    instead: [[`update(id, { status: 'expired' })`, 'remove(id)']],
    by: 'tests',
  },
  {
    name: 'a task that looks at rows of any state',
    in: 'expireSubscriptions',
    instead: [[`order: 'asc', where: { status: 'active' } }`, `order: 'asc' }`]],
    by: 'tests',
  },
  {
    name: 'a task that reads today in the local time zone',
    in: 'expireSubscriptions',
    instead: [
      [
        'const today = now().toISOString().slice(0, 10);',
        `const two = (value: number) => String(value).padStart(2, '0');
  const date = now();
  const today = \`\${date.getFullYear()}-\${two(date.getMonth() + 1)}-\${two(date.getDate())}\`;`,
      ],
    ],
    by: 'tests',
  },
  {
    name: 'a task that repeats what is done',
    in: 'remindSubscribers',
    instead: [['renewsOn: soon, remindedOn: null }', 'renewsOn: soon }']],
    by: 'tests',
  },
  {
    name: 'a task that does not note what is done',
    in: 'remindSubscribers',
    instead: [
      ['      repositories.subscriptions.update(id, { remindedOn: today });\n', ''],
      ['for (const { id, email } of due)', 'for (const { id, email } of due)'],
    ],
    by: 'tests',
  },
  {
    name: 'a mail with another text',
    in: 'remindSubscribers',
    instead: [[`subject: 'Your subscription renews soon'`, `subject: 'Your subscription'`]],
    by: 'tests',
  },
  {
    name: 'an interval that is a day short',
    in: 'remindSubscribers',
    instead: [['7 * 86_400_000', '6 * 86_400_000']],
    by: 'tests',
  },
  {
    name: 'a call that is not awaited',
    in: 'remindSubscribers',
    instead: [
      ['      await services.mail.send({', '      void services.mail.send({'],
      ['export async function remindSubscribers', 'export async function remindSubscribers'],
    ],
    by: 'code',
  },
  {
    name: 'a month that is too long',
    in: 'issueInvoices',
    instead: [
      ['Math.min(date, last)', 'date'],
      ['  const last = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();\n', ''],
    ],
    by: 'tests',
  },
  {
    name: 'the price of another kind',
    in: 'issueInvoices',
    instead: [
      ['amountCents: PRICES[plan]', 'amountCents: PRICES.basic'],
      ['{ id, plan } of due', '{ id } of due'],
    ],
    by: 'tests',
  },
  {
    name: 'a task that forgets the next time',
    in: 'issueInvoices',
    instead: [
      [
        '      repositories.subscriptions.update(id, { renewsOn: monthAfter(today) });\n',
        '      monthAfter(today);\n',
      ],
    ],
    by: 'tests',
  },
  {
    name: 'two refusals with each other’s code',
    in: 'changePlan',
    instead: [
      [`ApiError(409, 'not_active'`, `ApiError(409, 'same'`],
      [`ApiError(409, 'same_plan'`, `ApiError(409, 'not_active'`],
      [`ApiError(409, 'same'`, `ApiError(409, 'same_plan'`],
    ],
    by: 'tests',
  },
]
