import { expect, it } from 'vitest'
import { Blueprint, configProperty, type ConfigValue } from '#contract'
import { todo } from '../../codegen/testing/blueprints.ts'
import { lintBlueprint } from '../lint-blueprint.ts'

const value = (name: string, more: Partial<ConfigValue> = {}): ConfigValue => ({
  name,
  type: 'string',
  description: 'What it is for.',
  ...more,
})

/** Diagnostics as `code severity`, and the result; linting it again changes nothing. */
function lint(...config: ConfigValue[]) {
  const { blueprint, diagnostics } = lintBlueprint({ ...todo, config })
  expect(Blueprint.parse(blueprint)).toEqual(blueprint)
  const left = diagnostics.filter(({ severity }) => severity === 'error')
  expect(lintBlueprint(blueprint)).toEqual({ blueprint, diagnostics: left })
  return {
    said: diagnostics.map(({ code, severity }) => `${code} ${severity}`),
    config: blueprint.config,
    diagnostics,
  }
}

it('reads a Blueprint created before there were configuration values', () => {
  const { config: _none, ...older } = todo
  expect(Blueprint.parse(older)).toEqual(todo)
})

it('reports nothing for valid values', () => {
  const valid = [
    value('SHOP_NAME', { default: 'Corner shop' }),
    value('MAX_LOANS', { type: 'integer', default: 3, example: 5 }),
    value('TAX_RATE', { type: 'number', default: 0.19 }),
    value('SIGN_UP_OPEN', { type: 'boolean', default: false }),
    value('PAYMENT_URL', { type: 'url', example: 'https://pay.example.com' }),
    value('PAYMENT_SECRET', { type: 'secret' }),
  ]
  expect(lint(...valid)).toMatchObject({ said: [], config: valid })
})

it('is a property in the code', () => {
  expect(['PORT', 'MAX_LOANS', 'S3_2_KEY'].map((name) => configProperty({ name }))).toEqual([
    'port',
    'maxLoans',
    's32Key',
  ])
})

it.each([
  'PORT',
  'NODE_OPTIONS',
  'DATABASE_PATH',
  'DATABASE_URL',
  'JWT_SECRET',
  'API_KEYS',
  'PATH',
  'LD_PRELOAD',
])('refuses %s, which is read for something else, and says what to do', (name) => {
  const { said, diagnostics } = lint(value(name, { type: 'secret' }))
  expect(said).toEqual(['config.reserved error'])
  expect(diagnostics[0]).toMatchObject({
    path: `config.${name}`,
    fix: expect.stringContaining(`APP_${name}`),
  })
})

it('refuses the name of a property that every object has', () => {
  expect(lint(value('TO_STRING'), value('CONSTRUCTOR')).said).toEqual([
    'config.object-property error',
    'config.object-property error',
  ])
})

it('requires unique names, in the environment and in code', () => {
  expect(lint(value('A_LIMIT', { default: 'x' }), value('A_LIMIT')).said).toEqual(['config.duplicate fixed'])
  expect(lint(value('A_LIMIT'), value('A_LIMIT', { type: 'integer' })).said).toEqual([
    'config.duplicate error',
  ])
  expect(lint(value('S3_KEY2'), value('S3_KEY_2')).said).toEqual(['config.duplicate error'])
})

it('parses a value by its type', () => {
  const { said, config } = lint(
    value('MAX_LOANS', { type: 'integer', default: '3' }),
    value('SIGN_UP_OPEN', { type: 'boolean', default: 'TRUE' }),
  )
  expect(said).toEqual(['config.default fixed', 'config.default fixed'])
  expect(config.map((one) => one.default)).toEqual([3, true])
  expect(lint(value('MAX_LOANS', { type: 'integer', default: 'many' })).said).toEqual([
    'config.default error',
  ])
  expect(lint(value('PAY_URL', { type: 'url', default: 'pay.example.com' })).said).toEqual([
    'config.default error',
  ])
  expect(lint(value('MAX_LOANS', { type: 'integer', example: 'many' }))).toMatchObject({
    said: ['config.example fixed'],
    config: [value('MAX_LOANS', { type: 'integer' })],
  })
  expect(lint(value('SHOP_NAME', { default: '' })).config).toEqual([value('SHOP_NAME')])
})

it('removes the value of a secret', () => {
  const { said, config } = lint(
    value('MAIL_KEY', { type: 'secret', default: 'sk-live-1' }),
    value('MAIL_TOKEN', { example: 'abc' }),
  )
  expect(said).toEqual(['config.secret-value fixed', 'config.secret-type fixed', 'config.secret-value fixed'])
  expect(config).toEqual([value('MAIL_KEY', { type: 'secret' }), value('MAIL_TOKEN', { type: 'secret' })])
})
