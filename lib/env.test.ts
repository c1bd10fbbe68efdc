import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { ConfigError, oneOf, readEnv, text, variable, wholeNumber } from './env.ts'

const variables = {
  PORT: wholeNumber(1, 65_535, 8080),
  LOG_LEVEL: oneOf(['debug', 'info'], 'info'),
  OPENAI_MODEL: text('the name of a model', 'gpt-4o'),
  OPENAI_API_KEY: variable(z.string().startsWith('sk-').optional(), 'a key that starts with sk-', {
    secret: true,
  }),
}

describe('reading the environment', () => {
  it('fills in defaults for what is unset or blank', () => {
    expect(readEnv({ PORT: '  ' }, variables)).toEqual({
      PORT: 8080,
      LOG_LEVEL: 'info',
      OPENAI_MODEL: 'gpt-4o',
      OPENAI_API_KEY: undefined,
    })
  })

  it.each([
    ['80x', 'PORT is "80x", but it must be a whole number from 1 to 65535 (default 8080).'],
    ['0', 'PORT is "0", but it must be a whole number from 1 to 65535 (default 8080).'],
    ['1e3', 'PORT is "1e3", but it must be a whole number from 1 to 65535 (default 8080).'],
  ])('names the variable, what it got and what it wants: PORT=%s', (PORT, message) => {
    expect(() => readEnv({ PORT }, variables)).toThrow(new ConfigError(message))
  })

  it('names every variable that is wrong, one a line', () => {
    expect(() => readEnv({ PORT: 'x', LOG_LEVEL: 'loud' }, variables)).toThrow(
      /^PORT .*\nLOG_LEVEL is "loud"/,
    )
  })

  it('never repeats a secret', () => {
    const bad = () => readEnv({ OPENAI_API_KEY: 'hunter2' }, variables)
    expect(bad).toThrow('OPENAI_API_KEY has an invalid value')
    expect(bad).not.toThrow('hunter2')
  })
})
