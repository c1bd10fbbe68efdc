import { describe, expect, it } from 'vitest'
import { readModelConfig } from './config.ts'

const key = { OPENAI_API_KEY: 'sk-test-hunter2' }

describe('the settings of the model', () => {
  it('are those of gpt-4o at OpenAI where there is nothing but a key', () => {
    expect(readModelConfig(key)).toMatchObject({
      apiKey: 'sk-test-hunter2',
      model: 'gpt-4o',
      baseUrl: 'https://api.openai.com/v1',
      api: 'responses',
      sendCacheKey: true,
      timeoutMs: 300_000,
      maxOutputTokens: null,
      structuredOutputs: 'auto',
      reasoningEffort: null,
      stageEfforts: {},
      reasoningTokens: 25_000,
      concurrency: 16,
      requestsPerMinute: null,
      budget: { tokens: null, costUsd: null },
    })
  })

  it('are null without a key or a custom server', () => {
    expect(readModelConfig({})).toBeNull()
    expect(readModelConfig({ OPENAI_MODEL: 'gpt-5', OPENAI_API_KEY: ' ' })).toBeNull()
    expect(readModelConfig({ OPENAI_BASE_URL: 'https://eu.api.openai.com/v1' })).toBeNull()
  })

  it('need no key for a custom server, and use Chat Completions', () => {
    expect(
      readModelConfig({ OPENAI_BASE_URL: 'http://localhost:11434/v1', OPENAI_MODEL: 'qwen3' }),
    ).toMatchObject({
      apiKey: null,
      model: 'qwen3',
      api: 'chat',
      sendCacheKey: false,
    })
  })

  it.each([
    [{ ...key, OPENAI_BASE_URL: 'https://eu.api.openai.com/v1' }, 'responses'],
    [{ ...key, OPENAI_BASE_URL: 'https://proxy.example/v1' }, 'chat'],
    [{ ...key, OPENAI_BASE_URL: 'https://api.openai.com.example/v1' }, 'chat'],
    [{ ...key, OPENAI_BASE_URL: 'https://proxy.example/v1', OPENAI_API: 'responses' }, 'responses'],
    [{ ...key, OPENAI_API: 'chat' }, 'chat'],
  ])('choose the API by the server, unless it is given: %j is %s', (env, api) => {
    expect(readModelConfig(env)?.api).toBe(api)
  })

  it('have an effort for each stage', () => {
    const efforts = { OPENAI_REASONING_EFFORT: 'medium', OPENAI_REASONING_EFFORT_WRITE: 'low' }
    expect(readModelConfig({ ...key, ...efforts })).toMatchObject({
      reasoningEffort: 'medium',
      stageEfforts: { write: 'low' },
    })
  })

  it('extend the known prices', () => {
    const prices = readModelConfig({
      ...key,
      OPENAI_PRICES: '{"gpt-4o":{"input":9,"output":9},"mine":{"input":1,"cachedInput":0.5,"output":2}}',
    })?.prices
    expect(prices).toMatchObject({
      'gpt-4o': { input: 9, output: 9 },
      mine: { input: 1, cachedInput: 0.5, output: 2 },
      'gpt-4o-mini': { input: 0.15 },
    })
  })

  it.each([
    [{ OPENAI_BASE_URL: 'ftp://example.com' }, /OPENAI_BASE_URL .* http or https URL/],
    [{ OPENAI_API: 'completions' }, /OPENAI_API is "completions".*responses, chat/],
    [{ OPENAI_TIMEOUT_SECONDS: '0' }, /OPENAI_TIMEOUT_SECONDS is "0".*1 to 3600/],
    [{ OPENAI_MAX_OUTPUT_TOKENS: '-1' }, /OPENAI_MAX_OUTPUT_TOKENS is "-1".*whole number/],
    [{ OPENAI_REASONING_EFFORT: 'very much' }, /OPENAI_REASONING_EFFORT is "very much"/],
    [{ OPENAI_REASONING_EFFORT_DESIGN: '3' }, /OPENAI_REASONING_EFFORT_DESIGN is "3"/],
    [{ OPENAI_STRUCTURED_OUTPUTS: 'tools' }, /OPENAI_STRUCTURED_OUTPUTS is "tools".*schema, json, words/],
    [{ OPENAI_PRICES: '{' }, /OPENAI_PRICES is "\{", but it must be JSON/],
    [{ OPENAI_PRICES: '{"m":{"input":-1,"output":0}}' }, /OPENAI_PRICES .* JSON in US\$/],
    [{ OPENAI_CONCURRENCY: 'many' }, /OPENAI_CONCURRENCY is "many"/],
    [{ OPENAI_REQUESTS_PER_MINUTE: '0' }, /OPENAI_REQUESTS_PER_MINUTE is "0"/],
    [{ MAX_JOB_TOKENS: '10' }, /MAX_JOB_TOKENS is "10".*1000 to/],
    [{ MAX_JOB_COST_USD: '0' }, /MAX_JOB_COST_USD is "0".*0\.50/],
    [{ MAX_JOB_COST_USD: '1', OPENAI_MODEL: 'mine' }, /price of mine is unknown.*OPENAI_PRICES/],
    [{ LIMIT_USER_COST_PER_DAY: '1', OPENAI_MODEL: 'mine' }, /LIMIT_USER_COST_PER_DAY is set.*price of mine/],
    [{ LIMIT_KEY_COST_PER_DAY: '0.5', OPENAI_MODEL: 'mine' }, /LIMIT_KEY_COST_PER_DAY is set.*price of mine/],
  ])('name what is wrong: %j', (env, message) => {
    expect(() => readModelConfig({ ...key, ...env })).toThrow(message)
  })

  it('never repeat a key, or a password in a URL', () => {
    const bad = () =>
      readModelConfig({ OPENAI_API_KEY: 'sk hunter2', OPENAI_BASE_URL: 'https://ada:hunter3@example.com' })
    expect(bad).toThrow(/OPENAI_API_KEY .*\nOPENAI_BASE_URL /)
    expect(bad).not.toThrow(/hunter/)
  })
})
