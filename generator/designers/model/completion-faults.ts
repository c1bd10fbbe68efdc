import type { Blueprint } from '#contract'
import type { LlmCompletion } from './llm-completion-schema.ts'
import type { DesignIssue } from './read-design.ts'

const WHY =
  'The document decides routes, schemas, status codes and names; additions only say what it leaves open.'

/** Where additions would change what the document says. */
export function completionFaults({ entities, operations }: LlmCompletion, draft: Blueprint): DesignIssue[] {
  const faults: DesignIssue[] = []
  const say = (path: string, what: string, fix: string) => faults.push({ path, what, why: WHY, fix })
  for (const [at, entity] of entities.entries()) {
    const path = `entities.${at}`
    const was = draft.entities.find(({ name }) => name === entity.name)
    if (!was && entity.operations.length > 0)
      say(
        `${path}.operations`,
        `${entity.name} would have routes of its own (${entity.operations.join(', ')}), and the document has none for it.`,
        'Leave operations empty.',
      )
    for (const field of entity.fields) {
      const own = was?.fields.find(({ name }) => name === field.name)
      if (own && own.type.kind !== field.kind)
        say(
          `${path}.fields`,
          `${entity.name}.${field.name} is ${own.type.kind} in the document, not ${field.kind}.`,
          'Leave it out: the fields of the draft stay as they are.',
        )
    }
  }
  const seen = new Set<string>()
  for (const [at, { id, errors }] of operations.entries()) {
    const was = draft.operations.find((one) => one.id === id)
    if (!was)
      say(
        `operations.${at}.id`,
        `The document has no operation ${id}.`,
        `Use an id of the draft, such as ${draft.operations[0]?.id ?? 'none'}, or name what is missing in notUnderstood.`,
      )
    if (seen.has(id)) say(`operations.${at}.id`, `${id} is listed twice.`, 'List it once.')
    seen.add(id)
    for (const { status } of errors)
      if (!Number.isInteger(status) || status < 400 || status > 499)
        say(
          `operations.${at}.errors`,
          `${id} would refuse with ${status}.`,
          "Refusals have a status from 400 to 499; successful answers are the document's.",
        )
  }
  return faults
}
