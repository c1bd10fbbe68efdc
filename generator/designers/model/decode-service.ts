import { Service } from '#contract'
import { toPath } from './decode-operation.ts'
import { toProperties, toShape } from './decode-shape.ts'
import { shortText } from '../short-text.ts'
import type { LlmService } from './llm-schema.ts'
import { toCamel, toSnake } from '../../blueprint/words.ts'

/** Decodes a service, not yet validated. */
export function toService(service: LlmService) {
  const { timeoutMs, retries } = service
  return {
    name: camel(service.name),
    description: shortText(service.description) || camel(service.name),
    baseUrl: variable(service.baseUrl),
    auth: toAuth(service),
    ...(timeoutMs !== null && { timeoutMs: Math.min(60_000, Math.max(100, Math.round(timeoutMs))) }),
    ...(retries !== null && retries > 0 && { retries: Math.min(3, Math.ceil(retries)) }),
    calls: service.calls.map((call) => ({
      id: camel(call.id),
      summary: shortText(call.summary) || camel(call.id),
      method: call.method,
      path: toPath(call.path),
      params: toProperties(call.params),
      query: toProperties(call.query),
      body: call.body.length === 0 ? null : toShape(call.body),
      answer: call.answer.length === 0 ? null : toShape(call.answer),
    })),
  }
}

function toAuth({ auth: kind, secret, header }: LlmService) {
  switch (kind) {
    case 'none':
      return { kind }
    case 'bearer':
      return { kind, secret: variable(secret ?? '') }
    case 'header':
      return { kind, name: (header ?? '').trim().toLowerCase(), secret: variable(secret ?? '') }
  }
}

const camel = (name: string): string =>
  Service.shape.name.safeParse(name).success ? name : (toCamel(name) ?? name)
const variable = (name: string): string =>
  Service.shape.baseUrl.safeParse(name).success ? name : (toSnake(name)?.toUpperCase() ?? name)
