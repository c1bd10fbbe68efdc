import type { Blueprint, CustomOperation, Entity } from '#contract'
import { toBlueprint } from './decode-llm.ts'
import type { LlmCompletion } from './llm-completion-schema.ts'
import { spellOutRows } from './spell-out-rows.ts'

/** The draft with what a model adds to it, not yet validated, and what the report says of that. */
export function mergeCompletion(draft: Blueprint, completion: LlmCompletion) {
  const { dropped: noTables, ...additions } = completion
  const {
    candidate,
    dropped: unsaid,
    unread,
  } = toBlueprint(
    {
      name: draft.name,
      title: draft.title,
      description: draft.description,
      accountEntity: null,
      roles: [],
      apiKeys: false,
      apiKeyHeader: null,
      manyToMany: [],
      questions: [],
      ...additions,
      operations: additions.operations.map((operation) => ({ ...NOTHING_SAID, ...operation })),
    },
    draft,
  )
  const said = candidate as Blueprint
  const added: string[] = []
  const dropped = new Set(noTables)
  const kept = draft.entities.filter(({ name }) => !dropped.has(name))
  const known = new Set(kept.map(({ name }) => name))
  const names = new Set(said.entities.map(({ name }) => name))
  const changed = new Set([...dropped, ...names])
  const isTable = (name: string) => known.has(name) || names.has(name)
  const operations = draft.operations.map((drafted) => {
    const operation = withGroup(spellOutRows(drafted, changed, draft), isTable)
    const now = said.operations.find(({ id }) => id === operation.id)
    return now ? completed(operation, now, added) : operation
  })
  const merged = {
    ...draft,
    entities: [
      ...kept.map((entity) =>
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
    if (dropped.has(name)) added.push(`${name} has other columns than the schemas of the document.`)
    else if (!known.has(name)) added.push(`${name} is a table that the document does not name.`)
  for (const name of dropped) if (!names.has(name)) added.push(`${name} is no table.`)
  return { merged, unsaid, unread, added }
}

/** Without the entity that it is grouped with, if that is a table no longer. */
function withGroup(operation: CustomOperation, isKnown: (name: string) => boolean): CustomOperation {
  const { entity, ...rest } = operation
  return entity === undefined || isKnown(entity) ? operation : rest
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
  const { implementation: _rows, signIn: _signIn, ...rest } = was
  const stated = new Set(was.responses.errors.map(({ status }) => status))
  const own = now.responses.errors
  const more = [...new Set(own.map(({ status }) => status).filter((status) => !stated.has(status)))]
  const route = `${was.method} ${was.path}`
  if (more.length > 0)
    added.push(`${route} also refuses with ${more.join(' and ')}, which the document does not list for it.`)
  const isBuilt = was.implementation !== undefined || was.signIn !== undefined
  if (isBuilt)
    added.push(
      `${route} is more than plain ${was.signIn ? 'sign-in' : 'rows'}, so its code is written from rules.`,
    )
  const silent = was.responses.errors.filter(({ status }) => !own.some((one) => one.status === status))
  return {
    ...rest,
    rules: now.rules,
    responses: { ...was.responses, errors: [...own, ...silent] },
    ...(now.uses && { uses: now.uses }),
    examples: now.examples.length > 0 ? now.examples : isBuilt ? [] : was.examples,
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
