import { expect, it } from 'vitest'
import { Blueprint, type Service, type ServiceCall } from '#contract'
import { priceIn, rates, shopWithRates } from '../../codegen/testing/services.ts'
import { lintBlueprint } from '../lint-blueprint.ts'

const diagnose = (more: Partial<Blueprint>) => lintBlueprint(Blueprint.parse({ ...shopWithRates, ...more }))
const service = (more: Partial<Service>) => diagnose({ services: [{ ...rates, ...more }] }).diagnostics
const call = (more: Partial<ServiceCall>) =>
  service({ calls: [{ ...rates.calls[0]!, ...more }, rates.calls[1]!] })

it('reports nothing for valid services', () => {
  expect(diagnose({}).diagnostics).toEqual([])
})

it('adds missing configuration values for the base URL and the secret', () => {
  const { blueprint, diagnostics } = diagnose({ config: [] })
  expect(diagnostics.map(({ code, severity }) => `${code} ${severity}`)).toEqual([
    'service.config fixed',
    'service.config fixed',
  ])
  expect(blueprint.config.map(({ name, type }) => `${name} ${type}`)).toEqual([
    'RATES_URL url',
    'RATES_KEY secret',
  ])
})

const plain = { kind: 'string' as const, nullable: false }

it.each<[string, () => { code: string; fix: string }[]]>([
  ['service.config', () => service({ baseUrl: 'RATES_KEY' })],
  ['service.header', () => service({ auth: { kind: 'header', name: 'content-type', secret: 'RATES_KEY' } })],
  ['service.name-taken', () => diagnose({ services: [rates, rates] }).diagnostics],
  ['service.name-taken', () => service({ calls: [rates.calls[0]!, rates.calls[0]!] })],
  ['service.params', () => call({ path: '/v1/convert' })],
  ['service.query', () => call({ query: [...rates.calls[0]!.query, ...rates.calls[0]!.query] })],
  ['service.body', () => call({ body: rates.calls[1]!.body })],
  [
    'service.text',
    () =>
      call({
        query: [{ name: 'q', required: true, shape: { kind: 'array', items: plain, nullable: false } }],
      }),
  ],
  ['service.entity', () => call({ answer: { kind: 'entity', entity: 'Product', nullable: false } })],
  ['service.unknown', () => diagnose({ operations: [{ ...priceIn, uses: ['mail'] }] }).diagnostics],
])('%s: what, why and how to fix', (code, found) => {
  expect(found()).toContainEqual(expect.objectContaining({ code, fix: expect.stringMatching(/\w/) }))
})

it.each([
  ['of another form', { service: 'rates', call: 'convert', answer: { amount: 'much' } }],
  ['of no call', { service: 'rates', call: 'spend', answer: {} }],
  ['of a service that it does not use', { service: 'mail', call: 'send', answer: {} }],
])('leaves out an example with an answer %s', (_, answer) => {
  const examples = [{ ...priceIn.examples[0]!, answers: [answer] }]
  const { blueprint, diagnostics } = diagnose({ operations: [{ ...priceIn, examples }] })
  expect(blueprint.operations[0]!.examples).toEqual([])
  expect(diagnostics).toMatchObject([{ code: 'example.mismatch', severity: 'fixed' }])
})
