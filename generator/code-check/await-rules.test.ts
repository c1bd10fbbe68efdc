import { expect, it } from 'vitest'
import { findViolations } from './rules.ts'
import { readSource } from './source.ts'

const faultsOf = (body: string, parameter = 'context: OperationContext') => {
  const source = readSource(
    `import type { OperationContext } from '../operation-context.ts'\nexport async function run(${parameter}): Promise<void> {\n${body}\n}\n`,
  )
  if ('message' in source) throw new Error(source.message)
  return findViolations(source, () => null).map(({ line, message }) => `${line}: ${message}`)
}

it.each([
  ['context.services.mail.send({})', 'context.services.mail.send'],
  ['void context.services.mail.send({})', 'context.services.mail.send'],
  ['const { mail } = context.services\nmail.send({})', 'mail.send'],
  ['const send = context.services.mail.send\nsend({})', 'send'],
  ['if (context.now()) context.services.mail?.send({})', 'context.services.mail.send'],
  ['context.now() && context.services.mail.send({})', 'context.services.mail.send'],
  ['context.services.mail.send({}).then(() => 1)', 'context.services.mail.send'],
  ['context.services.mail.send({}).finally(() => 1)', 'context.services.mail.send'],
  ["context.credentials.hashPassword('secret')", 'context.credentials.hashPassword'],
  ['const tell = async () => { await context.services.mail.send({}) }\ntell()', 'tell'],
])('nothing waits for %s', (body, name) => {
  expect(faultsOf(body)).toEqual([
    expect.stringContaining(`nothing waits for ${name}(…), so that it may fail unseen`),
  ])
})

it.each(['{ services }: OperationContext', '{ services, log }: OperationContext & { services: Services }'])(
  'also not where it is taken apart: %s',
  (parameter) => {
    expect(faultsOf('services.mail.send({})', parameter)).toHaveLength(1)
    expect(faultsOf('await services.mail.send({})', parameter)).toEqual([])
  },
)

it('forEach waits for nothing that it is given', () => {
  const body = '[1].forEach(async (one) => { await context.services.mail.send({ one }) })'
  expect(faultsOf(body)).toEqual([expect.stringContaining('use for … of with await')])
  expect(faultsOf('[1].forEach((one) => { context.log.info({ one }) })')).toEqual([])
})

it.each([
  'await context.services.mail.send({})',
  'return context.services.mail.send({})',
  'const sent = context.services.mail.send({})\nawait sent',
  'await Promise.all([1, 2].map((one) => context.services.mail.send({ one })))',
  'await Promise.all([1, 2].map(async (one) => { await context.services.mail.send({ one }) }))',
  'context.services.mail.send({}).catch((error: unknown) => context.log.warn({ error }))',
  'context.services.mail.send({}).then(() => 1, () => 2)',
  "context.log.info('sent')",
  'context.repositories.todos.insert({})',
  'context.transaction(() => { context.repositories.todos.insert({}) })',
  "context.credentials.setPasswordHash('1', 'hash')",
  'function plain(): void { context.log.info({}) }\nplain()',
])('what is waited for, answers at once or has its failure caught may stay: %s', (body) => {
  expect(faultsOf(body)).toEqual([])
})
