import type { Blueprint } from '#contract'
import type { LlmCompletion } from './llm-completion-schema.ts'
import type { DesignIssue } from './read-design.ts'

const WHY =
  'The document decides routes, schemas, status codes and names; additions only say what it leaves open.'

/** Where additions would change what the document says. */
export function completionFaults(completion: LlmCompletion, draft: Blueprint): DesignIssue[] {
  const { dropped, entities, operations } = completion
  const faults: DesignIssue[] = []
  const say = (path: string, what: string, fix: string) => faults.push({ path, what, why: WHY, fix })
  for (const [at, entity] of entities.entries()) {
    const path = `entities.${at}`
    const was = draft.entities.find(({ name }) => name === entity.name && !dropped.includes(name))
    if (!was && entity.operations.length > 0)
      say(
        `${path}.operations`,
        `${entity.name} would have routes of its own (${entity.operations.join(', ')}), and all routes are operations of the document.`,
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
  faults.push(...droppedFaults(completion, draft), ...accountFaults(completion, draft))
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

/** Tables that something else needs as they are. */
function droppedFaults({ dropped, entities, operations }: LlmCompletion, draft: Blueprint): DesignIssue[] {
  const faults: DesignIssue[] = []
  const listed = new Set(operations.map(({ id }) => id))
  const names = new Set(entities.map(({ name }) => name))
  for (const [at, name] of dropped.entries()) {
    const say = (what: string, why: string, fix: string) =>
      faults.push({ path: `dropped.${at}`, what, why, fix })
    if (!draft.entities.some((one) => one.name === name))
      say(`The draft has no entity ${name}.`, 'Only what the draft has can be dropped.', 'Leave it out.')
    if (draft.auth.kind === 'jwt' && draft.auth.account === name)
      say(`${name} is the entity of accounts.`, 'Its rows sign in.', 'Leave it out, and add fields to it.')
    const rows = draft.operations.filter(
      ({ id, implementation }) => implementation?.entity === name && !listed.has(id),
    )
    if (rows.length > 0)
      say(
        `${rows.map(({ id }) => id).join(' and ')} are rows of ${name}, and are not listed.`,
        'They are built from its columns.',
        'List them in operations with complete rules, or leave the entity as it is.',
      )
    const below = draft.entities.filter(
      (one) => !dropped.includes(one.name) && one.belongsTo.some(({ target }) => target === name),
    )
    if (below.length > 0 && !names.has(name))
      say(
        `${below.map((one) => one.name).join(' and ')} belong to ${name}.`,
        'A relation needs its table.',
        'Drop them as well and give them in their new form, or leave the entity as it is.',
      )
  }
  return faults
}

/** What new accounts must have and registration does not set. */
function accountFaults({ entities, operations }: LlmCompletion, draft: Blueprint): DesignIssue[] {
  const { auth } = draft
  if (auth.kind !== 'jwt') return []
  const own = draft.operations.find(({ signIn }) => signIn?.action === 'register')
  const register = operations.some(({ id }) => id === own?.id) ? undefined : own
  if (own && !register) return []
  const known = draft.entities.find(({ name }) => name === auth.account)
  const names = new Set([...(known?.fields ?? []), ...(known?.belongsTo ?? [])].map(({ name }) => name))
  return entities.flatMap((entity, at) =>
    entity.name !== auth.account
      ? []
      : [
          ...entity.fields.filter(({ required, defaultValue }) => required && defaultValue === null),
          ...entity.belongsTo.filter(({ required }) => required),
        ]
          .filter(({ name }) => !names.has(name))
          .map(({ name }) => ({
            path: `entities.${at}`,
            what: `Every ${entity.name} would need ${name}, and ${register?.id ?? 'registration'} does not set it.`,
            why: 'Accounts register with what the document says.',
            fix: register
              ? `Set required to false, give a field a defaultValue, or list ${register.id} in operations with rules that set it.`
              : 'Set required to false, or give a field a defaultValue.',
          })),
  )
}
