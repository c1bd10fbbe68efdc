import type { Mistake } from '../plausible-project.ts'

export const shopHandlers = {
  checkout: `import { ApiError } from '../errors.ts';
import type { OperationContext } from '../operation-context.ts';
import type { CheckoutInput, CheckoutResult } from '../schemas/operations/checkout.ts';

export function checkout({ params, account }: CheckoutInput, { repositories, transaction, now }: OperationContext): CheckoutResult {
  return transaction(() => {
    const order = repositories.orders.find(params.id, { customerId: account.id });
    if (!order) throw new ApiError(404, 'not_found', 'There is no such order.');
    if (order.status !== 'new') throw new ApiError(409, 'not_new', 'The order is paid or cancelled already.');
    const { data: items } = repositories.orderItems.page({
      limit: 1000,
      offset: 0,
      sort: 'createdAt',
      order: 'asc',
      where: { orderId: order.id },
    });
    if (items.length === 0) throw new ApiError(422, 'order_empty', 'The order has no items.');
    let total = 0;
    for (const item of items) {
      const product = repositories.products.find(item.productId);
      if (!product || product.stock < item.quantity)
        throw new ApiError(409, 'out_of_stock', 'There is less in stock than is ordered.');
      total += item.quantity * product.priceCents;
      repositories.products.update(product.id, { stock: product.stock - item.quantity });
      repositories.stockMovements.insert({ productId: product.id, change: -item.quantity, reason: 'sale' });
    }
    const totalCents = total >= 10_000 ? Math.round((total * 9) / 10) : total;
    return repositories.orders.update(order.id, { status: 'paid', totalCents, paidAt: now().toISOString() }) ?? order;
  });
}
`,
  cancelOrder: `import { ApiError } from '../errors.ts';
import type { OperationContext } from '../operation-context.ts';
import type { CancelOrderInput, CancelOrderResult } from '../schemas/operations/cancel-order.ts';

export function cancelOrder({ params, account }: CancelOrderInput, { repositories, transaction }: OperationContext): CancelOrderResult {
  return transaction(() => {
    const order = repositories.orders.find(params.id);
    if (!order || order.customerId !== account.id) throw new ApiError(404, 'not_found', 'There is no such order.');
    if (order.status !== 'paid') throw new ApiError(409, 'not_paid', 'The order is not paid.');
    const { data: items } = repositories.orderItems.page({
      limit: 1000,
      offset: 0,
      sort: 'createdAt',
      order: 'asc',
      where: { orderId: order.id },
    });
    for (const { productId, quantity } of items) {
      const product = repositories.products.find(productId);
      if (product) repositories.products.update(productId, { stock: product.stock + quantity });
      repositories.stockMovements.insert({ productId, change: quantity, reason: 'return' });
    }
    return repositories.orders.update(order.id, { status: 'cancelled' }) ?? order;
  });
}
`,
  bestsellers: `import type { OperationContext } from '../operation-context.ts';
import type { BestsellersInput, BestsellersResult } from '../schemas/operations/bestsellers.ts';

export function bestsellers({ query }: BestsellersInput, { repositories }: OperationContext): BestsellersResult {
  const quantities = new Map<string, number>();
  let offset = 0;
  let found = 1;
  while (offset < found) {
    const { data, pagination } = repositories.orderItems.page({ limit: 1000, offset, sort: 'createdAt', order: 'asc' });
    for (const item of data) {
      if (repositories.orders.find(item.orderId)?.status !== 'paid') continue;
      quantities.set(item.productId, (quantities.get(item.productId) ?? 0) + item.quantity);
    }
    found = pagination.total;
    offset += 1000;
  }
  return [...quantities]
    .map(([productId, quantity]) => ({ productId, name: repositories.products.find(productId)?.name ?? '', quantity }))
    .sort((a, b) => b.quantity - a.quantity || (a.name < b.name ? -1 : 1))
    .slice(0, query.limit);
}
`,
}

export const shopMistakes: readonly Mistake[] = [
  {
    name: 'wrong status of a refusal',
    in: 'checkout',
    instead: [[`ApiError(409, 'not_new'`, `ApiError(404, 'not_new'`]],
    by: 'tests',
  },
  {
    name: 'wrong code of a refusal',
    in: 'checkout',
    instead: [[`ApiError(409, 'out_of_stock'`, `ApiError(409, 'not_new'`]],
    by: 'tests',
  },
  {
    name: 'the row on the side is forgotten',
    in: 'checkout',
    instead: [
      [
        `      repositories.stockMovements.insert({ productId: product.id, change: -item.quantity, reason: 'sale' });\n`,
        '',
      ],
    ],
    by: 'tests',
  },
  {
    name: 'the owner is not asked for',
    in: 'checkout',
    instead: [
      ['{ params, account }', '{ params }'],
      ['find(params.id, { customerId: account.id })', 'find(params.id)'],
    ],
    by: 'tests',
  },
  {
    name: 'the last ones in stock are not sold',
    in: 'checkout',
    instead: [['product.stock < item.quantity', 'product.stock <= item.quantity']],
    by: 'further examples',
  },
  {
    name: 'a discount begins one cent late',
    in: 'checkout',
    instead: [['total >= 10_000', 'total > 10_000']],
    by: 'further examples',
  },
  {
    name: 'money as a fraction',
    in: 'checkout',
    instead: [['Math.round((total * 9) / 10)', 'total * 0.9']],
    by: 'tests',
  },
  {
    name: 'a sum without the quantity',
    in: 'checkout',
    instead: [['total += item.quantity * product.priceCents', 'total += product.priceCents']],
    by: 'tests',
  },
  {
    name: 'an error in the middle leaves half of the writes',
    in: 'checkout',
    instead: [
      ['{ repositories, transaction, now }', '{ repositories, now }'],
      ['  return transaction(() => {', '  {'],
      ['  });\n}', '  }\n}'],
    ],
    by: 'tests',
  },
  {
    name: 'the owner is compared with the wrong id',
    in: 'cancelOrder',
    instead: [['order.customerId !== account.id', 'order.id === account.id']],
    by: 'tests',
  },
  {
    name: 'the state before is not looked at',
    in: 'cancelOrder',
    instead: [[`order.status !== 'paid'`, `order.status === 'new'`]],
    by: 'tests',
  },
  {
    name: 'the wrong way of counting',
    in: 'cancelOrder',
    instead: [['product.stock + quantity', 'product.stock - quantity']],
    by: 'tests',
  },
  {
    name: 'sorted the wrong way',
    in: 'bestsellers',
    instead: [['b.quantity - a.quantity', 'a.quantity - b.quantity']],
    by: 'tests',
  },
  {
    name: 'rows of another state are counted',
    in: 'bestsellers',
    instead: [[`      if (repositories.orders.find(item.orderId)?.status !== 'paid') continue;\n`, '']],
    by: 'tests',
  },
  {
    name: 'the limit is ignored',
    in: 'bestsellers',
    instead: [
      ['.slice(0, query.limit)', '.slice(0, 20)'],
      ['{ query }', '_input'],
    ],
    by: 'further examples',
  },
  {
    name: 'a duplicate overwrites what was added up',
    in: 'bestsellers',
    instead: [['(quantities.get(item.productId) ?? 0) + item.quantity', 'item.quantity']],
    by: 'tests',
  },
]
