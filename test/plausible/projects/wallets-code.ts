import type { Mistake } from '../plausible-project.ts'

export const walletHandlers = {
  transferMoney: `import { ApiError } from '../errors.ts';
import type { OperationContext } from '../operation-context.ts';
import type { TransferMoneyInput, TransferMoneyResult } from '../schemas/operations/transfer-money.ts';

export function transferMoney({ params, body, account }: TransferMoneyInput, { repositories, transaction }: OperationContext): TransferMoneyResult {
  const { toId, amountCents, note = null } = body;
  return transaction(() => {
    const from = repositories.wallets.find(params.id);
    if (!from || from.personId !== account.id) throw new ApiError(404, 'not_found', 'There is no such wallet.');
    if (toId === from.id) throw new ApiError(422, 'same_wallet', 'Both wallets are the same.');
    const to = repositories.wallets.find(toId);
    if (!to) throw new ApiError(404, 'no_receiver', 'There is no wallet to send to.');
    if (from.balanceCents < amountCents) throw new ApiError(409, 'insufficient_funds', 'The balance is less than the amount.');
    repositories.wallets.update(from.id, { balanceCents: from.balanceCents - amountCents });
    repositories.wallets.update(to.id, { balanceCents: to.balanceCents + amountCents });
    repositories.auditEntries.insert({ walletId: from.id, action: 'sent', amountCents });
    repositories.auditEntries.insert({ walletId: to.id, action: 'received', amountCents });
    return repositories.transfers.insert({ fromId: from.id, toId: to.id, amountCents, note });
  });
}
`,
  statement: `import { ApiError } from '../errors.ts';
import type { OperationContext } from '../operation-context.ts';
import type { StatementInput, StatementResult } from '../schemas/operations/statement.ts';

export function statement({ params, query, account }: StatementInput, { repositories }: OperationContext): StatementResult {
  const wallet = repositories.wallets.find(params.id, { personId: account.id });
  if (!wallet) throw new ApiError(404, 'not_found', 'There is no such wallet.');
  const { from, to, limit, offset } = query;
  const all = { limit: 1000, offset: 0, sort: 'createdAt', order: 'desc' } as const;
  const left = repositories.transfers.page({ ...all, where: { fromId: wallet.id } }).data;
  const came = repositories.transfers.page({ ...all, where: { toId: wallet.id } }).data;
  const items = [...left, ...came]
    .filter(({ createdAt }) => from === undefined || createdAt.slice(0, 10) >= from)
    .filter(({ createdAt }) => to === undefined || createdAt.slice(0, 10) <= to)
    .sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1))
    .map(({ id, amountCents, createdAt, note, fromId }) => ({
      id,
      amountCents: fromId === wallet.id ? -amountCents : amountCents,
      at: createdAt,
      note,
    }));
  return { items: items.slice(offset, offset + limit), total: items.length };
}
`,
  walletSummary: `import type { OperationContext } from '../operation-context.ts';
import type { WalletSummaryInput, WalletSummaryResult } from '../schemas/operations/wallet-summary.ts';

export function walletSummary({ account }: WalletSummaryInput, { repositories }: OperationContext): WalletSummaryResult {
  const { data } = repositories.wallets.page({
    limit: 1000,
    offset: 0,
    sort: 'createdAt',
    order: 'asc',
    where: { personId: account.id },
  });
  return { count: data.length, totalCents: data.reduce((sum, { balanceCents }) => sum + balanceCents, 0) };
}
`,
}

export const walletMistakes: readonly Mistake[] = [
  {
    name: 'a write is forgotten',
    in: 'transferMoney',
    instead: [
      ['    repositories.wallets.update(to.id, { balanceCents: to.balanceCents + amountCents });\n', ''],
    ],
    by: 'tests',
  },
  {
    name: 'all of a balance cannot be used',
    in: 'transferMoney',
    instead: [['from.balanceCents < amountCents', 'from.balanceCents <= amountCents']],
    by: 'further examples',
  },
  {
    name: 'the owner of the other row is asked for',
    in: 'transferMoney',
    instead: [
      [' || from.personId !== account.id', ''],
      ['if (!to) throw', 'if (!to || to.personId !== account.id) throw'],
    ],
    by: 'tests',
  },
  {
    name: 'a refusal is forgotten',
    in: 'transferMoney',
    instead: [
      [
        `    if (toId === from.id) throw new ApiError(422, 'same_wallet', 'Both wallets are the same.');\n`,
        '',
      ],
    ],
    by: 'tests',
  },
  {
    name: 'one of two audit rows is forgotten',
    in: 'transferMoney',
    instead: [
      [`    repositories.auditEntries.insert({ walletId: to.id, action: 'received', amountCents });\n`, ''],
    ],
    by: 'tests',
  },
  {
    name: 'an audit row says the wrong thing',
    in: 'transferMoney',
    instead: [[`walletId: to.id, action: 'received'`, `walletId: to.id, action: 'sent'`]],
    by: 'tests',
  },
  {
    name: 'null becomes a text',
    in: 'transferMoney',
    instead: [['amountCents, note });', 'amountCents, note: String(note) });']],
    by: 'tests',
  },
  {
    name: 'a sum is put together as text',
    in: 'transferMoney',
    instead: [['to.balanceCents + amountCents', '`${to.balanceCents}` + amountCents']],
    by: 'types',
  },
  {
    name: 'two writes without a transaction',
    in: 'transferMoney',
    instead: [
      ['{ repositories, transaction }', '{ repositories }'],
      ['  return transaction(() => {', '  {'],
      ['  });\n}', '  }\n}'],
    ],
    by: 'tests',
  },
  {
    name: 'the last day ends as it begins',
    in: 'statement',
    instead: [['createdAt.slice(0, 10) <= to', 'Date.parse(createdAt) <= Date.parse(to)']],
    by: 'tests',
  },
  {
    name: 'a day of the local time zone',
    in: 'statement',
    instead: [
      ['createdAt.slice(0, 10) >= from', 'localDay(createdAt) >= from'],
      ['createdAt.slice(0, 10) <= to', 'localDay(createdAt) <= to'],
      [
        'export function statement(',
        `const two = (value: number) => String(value).padStart(2, '0');
function localDay(instant: string): string {
  const date = new Date(instant);
  return \`\${date.getFullYear()}-\${two(date.getMonth() + 1)}-\${two(date.getDate())}\`;
}

export function statement(`,
      ],
    ],
    by: 'tests',
  },
  {
    name: 'the oldest first',
    in: 'statement',
    instead: [['a.createdAt < b.createdAt ? 1 : -1', 'a.createdAt < b.createdAt ? -1 : 1']],
    by: 'tests',
  },
  {
    name: 'the page begins at the wrong row',
    in: 'statement',
    instead: [['items.slice(offset, offset + limit)', 'items.slice(offset * limit + 1, offset + limit)']],
    by: 'tests',
  },
  {
    name: 'a page ends one row early',
    in: 'statement',
    instead: [['items.slice(offset, offset + limit)', 'items.slice(offset, limit)']],
    by: 'tests',
  },
  {
    name: 'the total is that of the page',
    in: 'statement',
    instead: [
      [
        'return { items: items.slice(offset, offset + limit), total: items.length };',
        'const page = items.slice(offset, offset + limit);\n  return { items: page, total: page.length };',
      ],
    ],
    by: 'tests',
  },
  {
    name: 'a sign is wrong',
    in: 'statement',
    instead: [['? -amountCents : amountCents', '? amountCents : -amountCents']],
    by: 'tests',
  },
  {
    name: 'the rows of all accounts are added up',
    in: 'walletSummary',
    instead: [
      ['    where: { personId: account.id },\n', ''],
      ['{ account }', '_input'],
    ],
    by: 'tests',
  },
  {
    name: 'a list that is empty ends in an error',
    in: 'walletSummary',
    instead: [
      [
        '(sum, { balanceCents }) => sum + balanceCents, 0)',
        '(sum, one) => ({ ...one, balanceCents: sum.balanceCents + one.balanceCents })).balanceCents',
      ],
    ],
    by: 'tests',
  },
]
