import { Helper } from '#contract'
import { toCamel } from '../../blueprint/words.ts'
import { shortText } from '../short-text.ts'
import type { LlmHelper } from './llm-helper-schema.ts'

/** Decodes a shared helper, not yet validated. */
export function toHelper({ id, description, rules, usedBy }: LlmHelper) {
  const name = camel(id)
  return {
    id: name,
    description: shortText(description) || name,
    rules: rules.map(shortText).filter(Boolean),
    usedBy: usedBy.map(camel),
  }
}

const camel = (name: string): string =>
  Helper.shape.id.safeParse(name).success ? name : (toCamel(name) ?? name)
