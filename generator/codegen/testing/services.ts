import { Blueprint, type CustomOperation, type Schedule, type Service, type Shape } from '#contract'
import { blueprint, entity, field } from './blueprints.ts'
import { param } from './operations.ts'

const plain = (kind: 'string' | 'number'): Shape => ({ kind, nullable: false })
const property = (name: string, kind: 'string' | 'number') => ({ name, shape: plain(kind), required: true })

export const rates: Service = {
  name: 'rates',
  description: 'Exchange rates of the central bank',
  baseUrl: 'RATES_URL',
  auth: { kind: 'bearer', secret: 'RATES_KEY' },
  timeoutMs: 3000,
  retries: 2,
  calls: [
    {
      id: 'convert',
      summary: 'Convert an amount of euros',
      method: 'GET',
      path: '/v1/convert/:currency',
      params: [property('currency', 'string')],
      query: [property('amount', 'number')],
      body: null,
      answer: { kind: 'object', properties: [property('amount', 'number')], nullable: false },
    },
    {
      id: 'report',
      summary: 'Report the prices that are in use',
      method: 'POST',
      path: '/v1/reports',
      params: [],
      query: [],
      body: {
        kind: 'object',
        properties: [
          {
            name: 'prices',
            shape: { kind: 'array', items: plain('number'), nullable: false },
            required: true,
          },
        ],
        nullable: false,
      },
      answer: null,
    },
  ],
}

export const priceIn: CustomOperation = {
  id: 'getPrice',
  entity: 'Product',
  method: 'GET',
  path: '/products/:id/price',
  summary: 'The price of a product in another currency',
  rules: ['The price in euros is converted by the service rates, on this request.'],
  params: [param('id')],
  query: [property('currency', 'string')],
  body: null,
  responses: {
    success: {
      kind: 'json',
      status: 200,
      shape: { kind: 'object', properties: [property('amount', 'number')], nullable: false },
    },
    errors: [{ status: 404, code: 'not_found', when: 'There is no product with this id.' }],
  },
  access: 'public',
  uses: ['rates'],
  examples: [
    {
      title: 'ten euros in another currency',
      rows: [{ name: 'product', entity: 'Product', values: { name: 'Tea', price: 10 } }],
      answers: [{ service: 'rates', call: 'convert', answer: { amount: 11.5 } }],
      request: { params: { id: '$product.id' }, query: { currency: 'USD' } },
      expect: { status: 200, body: { amount: 11.5 } },
    },
  ],
}

export const reportPrices: Schedule = {
  id: 'reportPrices',
  description: 'Report all prices to the service rates',
  rules: ['Sends the prices of all products to the service rates.'],
  when: { kind: 'hours', every: 6 },
  uses: ['rates'],
}

/** Products whose prices another program converts, on request and by the clock. */
export const shopWithRates = Blueprint.parse({
  ...blueprint('priced-shop', [
    entity('Product', {
      fields: [field('name', 'string', { required: true }), field('price', 'number', { required: true })],
    }),
  ]),
  config: [
    {
      name: 'RATES_URL',
      type: 'url',
      description: 'Where the rates are.',
      example: 'https://rates.example.com',
    },
    { name: 'RATES_KEY', type: 'secret', description: 'What the rates know us by.' },
  ],
  services: [rates],
  operations: [priceIn],
  schedules: [reportPrices],
})

/** What a model would write for them. */
export const rateHandlers = {
  getPrice: `import { ApiError } from '../errors.ts';
import type { OperationContext } from '../operation-context.ts';
import type { GetPriceInput, GetPriceResult } from '../schemas/operations/get-price.ts';
import type { Services } from '../services/index.ts';

export async function getPrice(
  { params, query }: GetPriceInput,
  { repositories, services }: OperationContext & { services: Pick<Services, 'rates'> },
): Promise<GetPriceResult> {
  const product = repositories.products.find(params.id);
  if (!product) throw new ApiError(404, 'not_found', 'There is no such product.');
  const { amount } = await services.rates.convert({
    params: { currency: query.currency },
    query: { amount: product.price },
  });
  return { amount };
}
`,
  reportPrices: `import type { Services } from '../services/index.ts';
import type { TaskContext } from '../task-context.ts';

export async function reportPrices({
  repositories,
  services,
  log,
}: TaskContext & { services: Pick<Services, 'rates'> }): Promise<void> {
  const { data } = repositories.products.page({ limit: 1000, offset: 0, sort: 'createdAt', order: 'asc' });
  await services.rates.report({ body: { prices: data.map(({ price }) => price) } });
  log.info({ products: data.length }, 'prices reported');
}
`,
}
