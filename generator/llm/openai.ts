import type { Logger } from '#lib/log'
import { priceOf } from '#lib/model-prices'
import { z } from 'zod'
import { parseAnswer } from './parse-answer.ts'
import { askChat, chatRequest } from './chat-api.ts'
import { makeClient } from './client.ts'
import type { ModelConfig } from './config.ts'
import { toModelError, timedOut } from './service-errors.ts'
import { makeDialectTracker, type Dialect } from './dialect.ts'
import { addUsage, noUsage, usageOfCall } from './usage.ts'
import { makeConcurrencyLimiter } from './concurrency-limiter.ts'
import { ModelError } from './model-error.ts'
import type { ModelStatus } from './model-status.ts'
import { makeRateLimiter } from './rate-limiter.ts'
import { effortOf, reasoningAllowance, type RequestSettings } from './reasoning.ts'
import { askResponses, responsesRequest } from './responses-api.ts'
import { sleepFor, withRetries, type Sleep } from './retry.ts'
import type { StructuredAnswer, StructuredCall, StructuredModel } from './structured-model.ts'

type OpenAiDeps = {
  config: ModelConfig
  log: Logger
  /** Sleeps between retries; replaced in tests. */
  pause?: Sleep
  random?: () => number
}

/** One model: see `makeOpenAiModels`. `status` is the model to use now; default: the configured one. */
export function makeOpenAiModel({
  status,
  ...deps
}: OpenAiDeps & { status?: () => ModelStatus }): StructuredModel {
  const served = (): ModelStatus => ({ kind: 'served', model: deps.config.model, message: null })
  return makeOpenAiModels(deps)(status ?? served)
}

/**
 * Models behind OpenAI's wire formats, one for each status. They share the limit on open calls, so a process calls this once.
 * Neither key nor prompt is ever logged or part of an error.
 */
export function makeOpenAiModels(deps: OpenAiDeps): (status: () => ModelStatus) => StructuredModel {
  const { config, log, pause = sleepFor, random = Math.random } = deps
  const client = makeClient(config)
  const dialects = makeDialectTracker({ config, log })
  const limiter = makeConcurrencyLimiter(config.concurrency)
  const rate = makeRateLimiter({ perMinute: config.requestsPerMinute, pause, now: Date.now })

  async function attempt(
    call: StructuredCall,
    settings: RequestSettings,
    dialect: Dialect,
  ): Promise<StructuredAnswer> {
    const price = priceOf(settings.model, config.prices)
    // The client's timeout covers the headers only; this one covers the stream too.
    const timer = new AbortController()
    const timeout = setTimeout(() => timer.abort(), config.timeoutMs)
    const signal = AbortSignal.any([call.signal, timer.signal])
    const onText = estimateTokens(call.onTokens)
    try {
      const answer =
        config.api === 'responses'
          ? await askResponses(client, responsesRequest(call, settings, dialect), signal, onText)
          : await askChat(client, chatRequest(call, settings, dialect), signal, onText)
      // The client ends an aborted stream as if it were complete. A complete answer is paid for, so it is kept.
      if (answer.stop === 'unfinished') signal.throwIfAborted()
      const usage = usageOfCall(answer.usage, price)
      if (answer.usage) call.onTokens?.(answer.usage.output)
      return { value: parseAnswer(answer, usage), usage }
    } catch (error) {
      call.signal.throwIfAborted()
      const fault = timer.signal.aborted ? timedOut() : toModelError(error)
      if (!(fault instanceof ModelError) || fault.usage.calls > 0) throw fault
      throw fault.withUsage(usageOfCall(null, price))
    } finally {
      clearTimeout(timeout)
    }
  }

  /** One attempt, charged to the job's budget whether or not it succeeds. */
  async function askWithinBudget(
    call: StructuredCall,
    dialect: Dialect,
    now: ModelStatus,
  ): Promise<StructuredAnswer> {
    const { account, signal } = call
    if (now.kind === 'gone')
      throw new ModelError({ code: 'model_retired', message: now.message, hint: now.hint })
    const { model } = now
    const effort = effortOf(call.stage, config)
    const room = reasoningAllowance(model, effort, config)
    const need = { input: inputTokens(call), output: (config.maxOutputTokens ?? call.maxAnswerTokens) + room }
    const share = await account.reserve(need, signal)
    const asked = config.maxOutputTokens === null ? null : need.output
    const settings = { model, effort, maxOutputTokens: share.maxOutputTokens ?? asked }
    let used = usageOfCall(null, priceOf(model, config.prices))
    let isReported = false
    try {
      const answer = await limiter.run(signal, async () => {
        await rate.enter(signal)
        return attempt(call, settings, dialect)
      })
      used = answer.usage
      isReported = true
      return answer
    } catch (error) {
      if (!(error instanceof ModelError)) throw error
      used = error.usage
      isReported = !error.billable || used.inputTokens > 0
      throw error.code === 'model_truncated' && share.isCut ? account.exceeded(used) : error
    } finally {
      await share.settle(used, isReported)
    }
  }

  /** Retries without parameters that the server rejected; rejected requests cost nothing. */
  async function askWithFallback(call: StructuredCall, status: () => ModelStatus): Promise<StructuredAnswer> {
    let spent = noUsage
    for (;;) {
      const used = dialects.current()
      try {
        const answer = await askWithinBudget(call, used, status())
        if (!call.schema.safeParse(answer.value).success) dialects.schemaIgnored()
        return { ...answer, usage: addUsage(spent, answer.usage) }
      } catch (fault) {
        if (!(fault instanceof ModelError)) throw fault
        spent = addUsage(spent, fault.usage)
        if (fault.code === 'model_malformed_answer') dialects.schemaIgnored()
        if (!dialects.learn(fault, used)) throw fault.withUsage(spent)
      }
    }
  }

  return (status) => ({
    get name() {
      return status().model
    },
    ask: (call) =>
      withRetries(
        {
          signal: call.signal,
          pause,
          random,
          onRetry: ({ code, status: answered, requestId: modelRequestId }, number, waitMs) =>
            log.warn(
              { model: status().model, code, status: answered, modelRequestId, attempt: number, waitMs },
              'model call failed, retrying',
            ),
        },
        () => askWithFallback(call, status),
      ),
  })
}

/** Estimates the tokens of a streamed text: most services send about one per chunk, some several. */
function estimateTokens(onTokens: StructuredCall['onTokens']): (piece: string) => void {
  let pieces = 0
  let characters = 0
  return (piece) => {
    pieces += 1
    characters += piece.length
    onTokens?.(Math.max(pieces, Math.ceil(characters / 4)))
  }
}

/** An upper bound for any text: tokens average three bytes or more. */
function inputTokens({ instructions, input, schema }: StructuredCall): number {
  const texts = [instructions, ...input.map(({ text }) => text), JSON.stringify(z.toJSONSchema(schema))]
  return Math.ceil(texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0) / 3)
}
