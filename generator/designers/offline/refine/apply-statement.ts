import { Entity, type Auth, type Blueprint } from '#contract'
import { pluralName } from '../../../blueprint/words.ts'
import { defaultPath, reject, type Draft, type DraftEntity } from '../assemble/draft.ts'
import { describeEntities } from '../assemble/describe.ts'
import { nameEntities } from '../assemble/entities.ts'
import { notUnderstood } from '../assemble/not-understood.ts'
import { relate } from '../assemble/relations.ts'
import { settleRequired } from '../assemble/required.ts'
import { applyUsualBounds } from '../assemble/usual-bounds.ts'
import { breakCycles } from '../assemble/delete-rules.ts'
import { offlineKind } from '../field-kinds.ts'
import { readPrompt } from '../read/read-prompt.ts'
import { addRelation, relationName } from '../assemble/draft.ts'
import { draftFromBlueprint } from './current-blueprint.ts'

export type StatementResult = {
  readonly blueprint: Blueprint
  readonly assumptions: readonly string[]
  readonly notUnderstood: readonly string[]
}

/**
 * Applies a sentence to the current Blueprint: new entities with typical fields, and fields and relations of
 * existing ones. Everything else stays unchanged.
 */
export function applyStatement(present: Blueprint, sentence: string): StatementResult {
  const reading = readPrompt(sentence)
  const draft = draftFromBlueprint(present, sentence, reading)
  for (const fact of reading.facts) if (fact.kind === 'note') draft.assumptions.add(fact.assumption)
  // Rights of a backend that exists stay as they are.
  for (const fact of reading.facts)
    if (fact.kind === 'role' || fact.kind === 'fieldRule') reject(draft, fact.tokens)
  nameEntities(draft)
  describeEntities(draft)
  relate(draft)
  breakCycles(draft)
  const known = new Map(present.entities.map((entity) => [entity.name, entity]))
  const fresh = [...draft.entities.values()].filter(({ name }) => !known.has(name))
  for (const entity of fresh) {
    settleRequired(draft, entity)
    protect(draft, entity, present)
  }
  applyUsualBounds(draft, fresh)
  return {
    blueprint: {
      ...present,
      entities: [
        ...present.entities.map((entity) => changed(draft, draft.entities.get(entity.name)!, entity)),
        ...fresh.map((entity) => finished(entity, null)),
      ],
      manyToMany: [...draft.manyToMany],
    },
    assumptions: [...draft.assumptions],
    notUnderstood: notUnderstood(draft),
  }
}

/** A new field of an existing entity is optional by default, since existing rows have no value. */
function changed(draft: Draft, entity: DraftEntity, before: Entity): Entity {
  for (const field of entity.fields)
    if (field.required === null) {
      field.required = false
      draft.assumptions.add(
        `The ${field.name} of ${before.label} is optional, since existing rows have none.`,
      )
    }
  const { fields, belongsTo } = finished(entity, before)
  return { ...before, fields, belongsTo }
}

function finished(entity: DraftEntity, before: Entity | null): Entity {
  return Entity.parse({
    name: entity.name,
    plural: before?.plural ?? pluralName(entity.name),
    label: entity.label,
    labelPlural: entity.labelPlural,
    path: entity.path ?? defaultPath(entity),
    fields: entity.fields.map((field) => {
      const same = before?.fields.find(({ name }) => name === field.name)
      const isKept = same !== undefined && JSON.stringify(same.type) === JSON.stringify(field.type)
      return {
        ...same,
        ...field,
        required: field.required ?? false,
        ...(!isKept && { example: offlineKind(field.type).example(field.name) }),
      }
    }),
    belongsTo: entity.relations,
    operations: entity.operations,
    access: { read: entity.access.read ?? 'public', write: entity.access.write ?? 'public' },
    ...(entity.policies && { policies: entity.policies }),
    ...(entity.owner !== null && { owner: entity.owner }),
  })
}

/** Access to new entities follows that of the entities they belong to. */
function protect(draft: Draft, entity: DraftEntity, { auth, entities }: Blueprint): void {
  if (auth.kind === 'none') return
  const near =
    entities.find(({ name }) =>
      entity.relations.some(({ target }) => target === name && name !== accountOf(auth)),
    ) ??
    entities.find(({ name }) =>
      draft.manyToMany.some(
        ({ left, right }) => [left, right].includes(entity.name) && [left, right].includes(name),
      ),
    )
  const access = near?.access ?? { read: 'authenticated' as const, write: 'owner' as const }
  entity.access = { ...access }
  if (near?.policies) entity.policies = structuredClone(near.policies)
  draft.assumptions.add(
    near === undefined
      ? `${entity.labelPlural} can be read by everyone who is signed in and changed by their owner, since the prompt does not say who has access.`
      : `Access to ${entity.labelPlural.toLowerCase()} is the same as for ${near.labelPlural.toLowerCase()}.`,
  )
  if (access.read !== 'owner' && access.write !== 'owner') return
  const account = draft.entities.get(accountOf(auth)!)!
  const own = entity.relations.find(({ target, required }) => target === account.name && required)
  const name =
    own?.name ?? (entity.relations.some((one) => one.name === 'owner') ? relationName(account) : 'owner')
  if (!own)
    addRelation(entity, {
      name,
      label: 'Owner',
      target: account.name,
      required: true,
      unique: false,
      onDelete: 'cascade',
    })
  entity.owner = name
}

const accountOf = (auth: Auth) => (auth.kind === 'jwt' ? auth.account : null)
