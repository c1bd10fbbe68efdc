import { Blueprint, type CustomOperation, type Entity } from '#contract'
import { lintBlueprint } from '../../blueprint/lint-blueprint.ts'
import { completionFaults } from './completion-faults.ts'
import { toBlueprint } from './decode-llm.ts'
import { dropInvalidExamples } from './drop-invalid-examples.ts'
import { LlmCompletion } from './llm-completion-schema.ts'
import { describeIssue, faultsOf, fixesOf, readable, type DesignIssue } from './read-design.ts'

export type CompletionReading =
  | {
      readonly kind: 'sound'
      readonly blueprint: Blueprint
      readonly assumptions: string[]
      readonly notUnderstood: string[]
    }
  | { readonly kind: 'faulty'; readonly faults: readonly DesignIssue[] }

/**
 * Adds what a model says to the draft of a document. What would change the document itself is a fault; see `readDesign` for
 * `isFinal`.
 */
export function readCompletion(value: unknown, draft: Blueprint, isFinal: boolean): CompletionReading {
  const parsed = LlmCompletion.safeParse(value)
  if (!parsed.success) return { kind: 'faulty', faults: parsed.error.issues.map(describeIssue) }
  const completion = parsed.data
  const faults = completionFaults(completion, draft)
  if (faults.length > 0) return { kind: 'faulty', faults }

  const { merged, dropped, unread, added } = merge(draft, completion)
  const sound = isFinal ? dropInvalidExamples(merged) : { candidate: merged, dropped: [] }
  const whole = Blueprint.safeParse(sound.candidate)
  if (!whole.success) return { kind: 'faulty', faults: whole.error.issues.map(describeIssue) }
  const { blueprint, diagnostics } = lintBlueprint(whole.data)
  const remaining = faultsOf(diagnostics, unread, isFinal)
  if (remaining.length > 0) return { kind: 'faulty', faults: remaining }
  return {
    kind: 'sound',
    blueprint,
    assumptions: readable([...completion.assumptions, ...added, ...sound.dropped, ...fixesOf(diagnostics)]),
    notUnderstood: readable([...completion.notUnderstood, ...dropped, ...unread]),
  }
}

function merge(draft: Blueprint, completion: LlmCompletion) {
  const { candidate, dropped, unread } = toBlueprint({
    name: draft.name,
    title: draft.title,
    description: draft.description,
    accountEntity: null,
    roles: [],
    apiKeys: false,
    apiKeyHeader: null,
    manyToMany: [],
    ...completion,
    operations: completion.operations.map((operation) => ({ ...NOTHING_SAID, ...operation })),
  })
  const said = candidate as Blueprint
  const added: string[] = []
  const operations = draft.operations.map((operation) => {
    const now = said.operations.find(({ id }) => id === operation.id)
    return now ? completed(operation, now, added) : operation
  })
  const known = new Set(draft.entities.map(({ name }) => name))
  const merged = {
    ...draft,
    entities: [
      ...draft.entities.map((entity) =>
        extended(
          entity,
          said.entities.find(({ name }) => name === entity.name),
        ),
      ),
      ...said.entities.filter(({ name }) => !known.has(name)),
    ],
    operations,
    config: [...draft.config, ...said.config],
    seeds: [...draft.seeds, ...said.seeds],
    schedules: [...draft.schedules, ...said.schedules],
    services: [...draft.services, ...said.services],
    ...(said.helpers && { helpers: said.helpers }),
  }
  for (const { name } of said.entities)
    if (!known.has(name)) added.push(`${name} is a table that the document does not name.`)
  return { merged, dropped, unread, added }
}

/** The parts of an operation that the document decides; they are taken from the draft. */
const NOTHING_SAID = {
  entity: null,
  method: 'GET' as const,
  path: '/',
  summary: '',
  params: [],
  query: [],
  headers: [],
  body: [],
  successKind: 'none' as const,
  successStatus: 204,
  mediaType: null,
  answer: [],
  otherSuccesses: [],
  access: 'public' as const,
  roles: [],
}

/** Written from rules from now on: rows alone do not serve it. */
function completed(was: CustomOperation, now: CustomOperation, added: string[]): CustomOperation {
  const { implementation: _, ...rest } = was
  const stated = new Set(was.responses.errors.map(({ status }) => status))
  const own = now.responses.errors
  const more = [...new Set(own.map(({ status }) => status).filter((status) => !stated.has(status)))]
  const route = `${was.method} ${was.path}`
  if (more.length > 0)
    added.push(`${route} also refuses with ${more.join(' and ')}, which the document does not list for it.`)
  if (was.implementation) added.push(`${route} is more than plain rows, so its code is written from rules.`)
  const silent = was.responses.errors.filter(({ status }) => !own.some((one) => one.status === status))
  return {
    ...rest,
    rules: now.rules,
    responses: { ...was.responses, errors: [...own, ...silent] },
    ...(now.uses && { uses: now.uses }),
    examples: now.examples.length > 0 ? now.examples : was.implementation ? [] : was.examples,
  }
}

function extended(was: Entity, now: Entity | undefined): Entity {
  if (!now) return was
  const names = new Set([...was.fields, ...was.belongsTo].map(({ name }) => name))
  const isNew = ({ name }: { name: string }) => !names.has(name)
  const indexes = [...(was.indexes ?? []), ...(now.indexes ?? [])]
  return {
    ...was,
    fields: [...was.fields, ...now.fields.filter(isNew)],
    belongsTo: [...was.belongsTo, ...now.belongsTo.filter(isNew)],
    ...(indexes.length > 0 && { indexes }),
  }
}
