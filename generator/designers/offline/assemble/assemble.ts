import { Blueprint, type Auth, type Entity, type Field } from '#contract'
import { pluralName } from '../../../blueprint/words.ts'
import { offlineKind } from '../field-kinds.ts'
import type { Reading } from '../read/reading.ts'
import { closeChildren, noteAccess } from './access.ts'
import { applyAuth } from './auth.ts'
import { closeAccount } from './close-account.ts'
import { describeEntities } from './describe.ts'
import { defaultPath, makeDraft, type Draft, type DraftEntity, type DraftField } from './draft.ts'
import { nameEntities } from './entities.ts'
import { settleRequired } from './required.ts'
import { notUnderstood } from './not-understood.ts'
import { mostlyUnread, nothingRead } from './refusal.ts'
import { nameProject } from './project.ts'
import { sift } from './sift.ts'
import { applyOnDelete, breakCycles } from './delete-rules.ts'
import { inferRelations } from './infer-relations.ts'
import { ownParents } from './own-parents.ts'
import { relate } from './relations.ts'
import { lockFields } from './lock-fields.ts'
import { applyRoles } from './roles.ts'
import { applyRoutes } from './routes.ts'
import { applyUsualBounds } from './usual-bounds.ts'

export type Assembled = {
  blueprint: Blueprint
  assumptions: string[]
  notUnderstood: string[]
  /** The share of the prompt's content words that were read. */
  coverage: number
}

/** Facts → Blueprint. The order matters: names, then fields, then relations, then access. */
export function assemble(
  prompt: string,
  reading: Reading,
  wishes: { name?: string; auth?: Auth['kind'] },
): Assembled {
  sift(reading)
  const draft = makeDraft(prompt, reading)
  for (const fact of reading.facts) if (fact.kind === 'note') draft.assumptions.add(fact.assumption)
  nameEntities(draft)
  if (draft.entities.size === 0) throw nothingRead(draft)
  describeEntities(draft)
  relate(draft)
  const auth = applyAuth(draft, wishes.auth)
  inferRelations(draft, auth.kind === 'jwt' ? auth.account : null)
  applyOnDelete(draft)
  breakCycles(draft)
  applyRoutes(draft)
  if (auth.kind === 'jwt') {
    closeChildren(draft, draft.entities.get(auth.account)!)
    closeAccount(draft, draft.entities.get(auth.account)!)
    noteAccess(draft)
    const roles = lockFields(draft, auth.account, applyRoles(draft, auth.account))
    if (roles) auth.roles = roles
    ownParents(draft, draft.entities.get(auth.account)!)
  }
  for (const entity of draft.entities.values()) settleRequired(draft, entity)
  applyUsualBounds(draft, draft.entities.values())
  const unread = notUnderstood(draft)
  const refusal = mostlyUnread(draft, unread)
  if (refusal !== null) throw refusal
  const blueprint = Blueprint.parse({
    version: 1,
    ...nameProject(draft, wishes.name),
    auth,
    entities: inOrder(draft).map((entity) => finish(draft, entity, auth)),
    manyToMany: draft.manyToMany,
    operations: [],
  })
  const { coverage, rows } = reading
  return {
    blueprint,
    assumptions: [...draft.assumptions],
    notUnderstood: unread,
    coverage: coverage.of(rows).share,
  }
}

/** The main entity first, the others in the order of the prompt. */
function inOrder(draft: Draft): DraftEntity[] {
  const all = [...draft.entities.values()]
  return draft.main === null ? all : [draft.main, ...all.filter((entity) => entity !== draft.main)]
}

function finish(_draft: Draft, entity: DraftEntity, auth: Auth): Entity {
  const isAccount = auth.kind === 'jwt' && auth.account === entity.name
  return {
    name: entity.name,
    plural: pluralName(entity.name),
    label: entity.label,
    labelPlural: entity.labelPlural,
    path: entity.path ?? defaultPath(entity),
    fields: entity.fields.map(finishField),
    belongsTo: entity.relations,
    operations: isAccount
      ? entity.operations.filter((operation) => operation !== 'create')
      : entity.operations,
    access:
      auth.kind === 'none'
        ? { read: 'public', write: 'public' }
        : auth.kind === 'apiKey'
          ? { read: entity.access.read === 'public' ? 'public' : 'authenticated', write: 'authenticated' }
          : { read: entity.access.read ?? 'authenticated', write: entity.access.write ?? 'authenticated' },
    ...(entity.policies && Object.keys(entity.policies).length > 0 && { policies: entity.policies }),
    ...(entity.owner !== null && auth.kind === 'jwt' && !isAccount && { owner: entity.owner }),
  }
}

function finishField(field: DraftField): Field {
  const example = field.example ?? offlineKind(field.type).example(field.name)
  return { ...field, required: field.required ?? false, ...(example !== undefined && { example }) }
}
