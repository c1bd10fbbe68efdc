import { z } from 'zod'
import { allowedModels, MODEL_NAMES_FORM, modelNames } from '#lib/allowed-models'
import { ConfigError, oneOf, readEnv, text, variable, wholeNumber } from '#lib/env'
import {
  findCostLimit,
  DEFAULT_MODEL,
  listPrices,
  PRICE_TABLE_FORM,
  priceOf,
  priceTable,
  missingPriceMessage,
  type Prices,
} from '#lib/model-prices'
import type { JobBudget } from './account.ts'

/** The stages that ask a model. */
export type ModelStage = 'design' | 'write' | 'repair' | 'review'

export type ModelConfig = {
  /** Null for servers that need no key. */
  readonly apiKey: string | null
  readonly organization: string | null
  readonly project: string | null
  readonly model: string
  /** The models that jobs may choose; empty where there is no choice. */
  readonly models: readonly string[]
  /** False for the default model, which is replaced once it is retired. */
  readonly isModelSet: boolean
  readonly baseUrl: string
  readonly atOpenAi: boolean
  readonly api: 'responses' | 'chat'
  /** Servers other than OpenAI's may reject unknown parameters. */
  readonly sendCacheKey: boolean
  /** Timeout of one attempt, from request to last token. */
  readonly timeoutMs: number
  /** Null leaves the limit to the service. */
  readonly maxOutputTokens: number | null
  /** How structured output is requested; `auto` detects what the server supports. */
  readonly structuredOutputs: 'auto' | 'schema' | 'json' | 'words'
  /** Null leaves the effort to the model. */
  readonly reasoningEffort: string | null
  /** Overrides by stage. */
  readonly stageEfforts: Partial<Readonly<Record<ModelStage, string>>>
  /** Reasoning tokens allowed on top of the answer. */
  readonly reasoningTokens: number
  readonly prices: Prices
  /** Concurrent calls of this process. */
  readonly concurrency: number
  /** Calls that this process may start per minute; null for no limit. */
  readonly requestsPerMinute: number | null
  /** What one job may use. */
  readonly budget: JobBudget
}

const OPENAI_URL = 'https://api.openai.com/v1'

const EFFORT_FORM = 'an effort that the model knows, such as low, medium or high, or unset'
const effort = z
  .string()
  .regex(/^[a-z]{1,20}$/)
  .optional()

const variables = {
  OPENAI_API_KEY: variable(
    z
      .string()
      .regex(/^[\x21-\x7e]+$/)
      .optional(),
    'a key of printable ASCII characters without spaces',
    { secret: true },
  ),
  OPENAI_ORG_ID: text('the id of an organization', ''),
  OPENAI_PROJECT_ID: text('the id of a project', ''),
  OPENAI_MODEL: text('the name of a model', DEFAULT_MODEL),
  OPENAI_ALLOWED_MODELS: variable(modelNames, MODEL_NAMES_FORM),
  // Secret, since a mistyped URL may carry a password.
  OPENAI_BASE_URL: variable(
    z
      .url({ protocol: /^https?$/ })
      .refine((url) => new URL(url).username === '' && new URL(url).password === '')
      .optional(),
    'an http or https URL without a user name or password, such as http://localhost:11434/v1',
    { secret: true },
  ),
  OPENAI_API: oneOf(['auto', 'responses', 'chat'], 'auto'),
  OPENAI_TIMEOUT_SECONDS: wholeNumber(1, 3600, 300),
  OPENAI_MAX_OUTPUT_TOKENS: variable(
    z
      .string()
      .regex(/^[1-9]\d{0,8}$/)
      .transform(Number)
      .optional(),
    'a whole number from 1 to 999999999, or unset',
  ),
  OPENAI_STRUCTURED_OUTPUTS: oneOf(['auto', 'schema', 'json', 'words'], 'auto'),
  OPENAI_REASONING_EFFORT: variable(effort, EFFORT_FORM),
  OPENAI_REASONING_EFFORT_DESIGN: variable(effort, EFFORT_FORM),
  OPENAI_REASONING_EFFORT_WRITE: variable(effort, EFFORT_FORM),
  OPENAI_REASONING_EFFORT_REPAIR: variable(effort, EFFORT_FORM),
  OPENAI_REASONING_EFFORT_REVIEW: variable(effort, EFFORT_FORM),
  OPENAI_REASONING_TOKENS: wholeNumber(0, 1_000_000, 25_000),
  OPENAI_PRICES: variable(priceTable, PRICE_TABLE_FORM),
  OPENAI_CONCURRENCY: wholeNumber(1, 1000, 16),
  OPENAI_REQUESTS_PER_MINUTE: variable(
    z
      .string()
      .regex(/^[1-9]\d{0,5}$/)
      .transform(Number)
      .optional(),
    'a whole number from 1 to 999999, or unset',
  ),
  MAX_JOB_TOKENS: variable(
    z
      .string()
      .regex(/^[1-9]\d{3,11}$/)
      .transform(Number)
      .optional(),
    'a whole number from 1000 to 999999999999, or unset',
  ),
  MAX_JOB_COST_USD: variable(
    z
      .string()
      .regex(/^\d{1,6}(\.\d{1,6})?$/)
      .transform(Number)
      .pipe(z.number().positive())
      .optional(),
    'an amount in US dollars such as 0.50, or unset',
  ),
}

/**
 * Reads the model configuration. Null without a key and without a custom server.
 * Throws a `ConfigError` that names every invalid variable.
 */
export function readModelConfig(env: Readonly<Record<string, string | undefined>>): ModelConfig | null {
  const read = readEnv(env, variables)
  const baseUrl = read.OPENAI_BASE_URL ?? OPENAI_URL
  const atOpenAi = /(^|\.)api\.openai\.com$/.test(new URL(baseUrl).hostname)
  if (read.OPENAI_API_KEY === undefined && atOpenAi) return null
  const prices = { ...listPrices, ...read.OPENAI_PRICES }
  const limit = findCostLimit(env)
  const unpriced = [read.OPENAI_MODEL, ...read.OPENAI_ALLOWED_MODELS].find(
    (model) => priceOf(model, prices) === null,
  )
  if (limit !== null && unpriced !== undefined) throw new ConfigError(missingPriceMessage(limit, unpriced))
  return {
    apiKey: read.OPENAI_API_KEY ?? null,
    organization: read.OPENAI_ORG_ID || null,
    project: read.OPENAI_PROJECT_ID || null,
    model: read.OPENAI_MODEL,
    models: allowedModels(read.OPENAI_ALLOWED_MODELS, read.OPENAI_MODEL),
    isModelSet: (env['OPENAI_MODEL'] ?? '').trim() !== '',
    baseUrl,
    atOpenAi,
    // Outside OpenAI, structured outputs are reliable in Chat Completions only.
    api: read.OPENAI_API !== 'auto' ? read.OPENAI_API : atOpenAi ? 'responses' : 'chat',
    sendCacheKey: atOpenAi,
    timeoutMs: read.OPENAI_TIMEOUT_SECONDS * 1000,
    maxOutputTokens: read.OPENAI_MAX_OUTPUT_TOKENS ?? null,
    structuredOutputs: read.OPENAI_STRUCTURED_OUTPUTS,
    reasoningEffort: read.OPENAI_REASONING_EFFORT ?? null,
    stageEfforts: {
      ...(read.OPENAI_REASONING_EFFORT_DESIGN && { design: read.OPENAI_REASONING_EFFORT_DESIGN }),
      ...(read.OPENAI_REASONING_EFFORT_WRITE && { write: read.OPENAI_REASONING_EFFORT_WRITE }),
      ...(read.OPENAI_REASONING_EFFORT_REPAIR && { repair: read.OPENAI_REASONING_EFFORT_REPAIR }),
      ...(read.OPENAI_REASONING_EFFORT_REVIEW && { review: read.OPENAI_REASONING_EFFORT_REVIEW }),
    },
    reasoningTokens: read.OPENAI_REASONING_TOKENS,
    prices,
    concurrency: read.OPENAI_CONCURRENCY,
    requestsPerMinute: read.OPENAI_REQUESTS_PER_MINUTE ?? null,
    budget: { tokens: read.MAX_JOB_TOKENS ?? null, costUsd: read.MAX_JOB_COST_USD ?? null },
  }
}
