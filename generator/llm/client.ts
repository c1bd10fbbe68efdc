import { OpenAI } from 'openai'
import type { ModelConfig } from './config.ts'
import { fetchWithNormalizedErrors } from './normalize-errors.ts'

/** A client for the configured server that ignores the environment and never retries on its own. */
export function makeClient(config: ModelConfig): OpenAI {
  return new OpenAI({
    baseURL: config.baseUrl,
    // Every option is explicit, so that the client does not fall back to environment variables.
    apiKey: config.apiKey ?? 'none',
    organization: config.organization,
    project: config.project,
    adminAPIKey: null,
    webhookSecret: null,
    // A server without keys gets no Authorization header at all.
    ...(config.apiKey === null && { defaultHeaders: { Authorization: null } }),
    fetch: fetchWithNormalizedErrors,
    timeout: config.timeoutMs,
    // Retries happen in one place, which counts every attempt.
    maxRetries: 0,
    logLevel: 'off',
  })
}
