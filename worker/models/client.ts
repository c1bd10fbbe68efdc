import { OpenAI } from 'openai'
import type { ModelConfig } from './config.ts'
import { fetchWithNormalizedErrors } from './normalize-errors.ts'

/** A client for the configured server, which reads nothing from the environment and repeats nothing by itself. */
export function makeClient(config: ModelConfig): OpenAI {
  return new OpenAI({
    baseURL: config.baseUrl,
    // Everything is given, null included, so that the client does not look into the environment by itself.
    apiKey: config.apiKey ?? 'none',
    organization: config.organization,
    project: config.project,
    adminAPIKey: null,
    webhookSecret: null,
    // A server without keys gets no Authorization header at all.
    ...(config.apiKey === null && { defaultHeaders: { Authorization: null } }),
    fetch: fetchWithNormalizedErrors,
    timeout: config.timeoutMs,
    // Repetition is decided in one place, where every attempt is counted.
    maxRetries: 0,
    logLevel: 'off',
  })
}
