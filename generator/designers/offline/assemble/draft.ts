import { isDeepStrictEqual } from 'node:util'
import { Operation, type Access, type BelongsTo, type Entity, type Field } from '#contract'
import {
  plural,
  pluralName,
  singular,
  toCamel,
  toKebab,
  toPascal,
  wordsOf,
} from '../../../blueprint/words.ts'
import { templateOf } from '../domains/index.ts'
import type { Domain, EntityTemplate } from '../domains/types.ts'
import { offlineKind } from '../field-kinds.ts'
import type { Phrase } from '../read/facts.ts'
import { nameOf } from '../read/phrase.ts'
import type { Reading } from '../read/reading.ts'
import type { Token } from '../text/tokens.ts'

/** A mutable Blueprint under construction. */
export type Draft = {
  readonly prompt: string
  readonly reading: Reading
  readonly entities: Map<string, DraftEntity>
  readonly manyToMany: { left: string; right: string }[]
  readonly assumptions: Set<string>
  /** Phrases that were read but could not be used. */
  readonly rejected: (readonly Token[])[]
  /** Typical features of the domain that this design does not have. */
  readonly missing: Set<string>
  /** Typical entities of the matched domains, so that `votes` is an entity if polls are the topic. */
  readonly usual: Set<string>
  domain: Domain | null
  /** The subject of statements without one. */
  main: DraftEntity | null
}

export type DraftField = Omit<Field, 'required'> & { required: boolean | null }

export type DraftEntity = {
  readonly name: string
  readonly label: string
  readonly labelPlural: string
  fields: DraftField[]
  /** `listed`: the prompt lists the fields; `extended`: it adds some; `none`: it names none. */
  stated: 'none' | 'extended' | 'listed'
  relations: BelongsTo[]
  operations: Operation[]
  path: string | null
  access: { read?: Access; write?: Access }
  /** Nothing in the prompt says who reads it. */
  isOpenByDefault?: boolean
  /** Why it has this access, if the prompt does not say: `are visible to their owner only, since …`. */
  accessNote?: string
  policies?: Entity['policies']
  owner: string | null
  /** Some roles alone make and see these rows. */
  isRunByStaff?: boolean
  /** The owner is not a relation of the prompt. */
  isOwnerAdded?: boolean
}

export function makeDraft(prompt: string, reading: Reading): Draft {
  return {
    prompt,
    reading,
    entities: new Map(),
    manyToMany: [],
    assumptions: new Set(),
    rejected: [],
    missing: new Set(),
    usual: new Set(),
    domain: null,
    main: null,
  }
}

export const MAX_ENTITIES = 58

const MAX_FIELDS = 58

const MAX_RELATIONS = 18

/** Adds an entity, or returns the existing one; null if the name is unusable or the draft is full. */
export function addEntity(draft: Draft, phrase: Phrase | string): DraftEntity | null {
  const text = typeof phrase === 'string' ? wordsOf(phrase).join(' ') : phrase.text
  const name = typeof phrase === 'string' ? phrase : nameOf(phrase)
  if (name === null || name.length > 50) return null
  const known = draft.entities.get(name)
  if (known) return known
  if (draft.entities.size >= MAX_ENTITIES) return null
  const one = keepAcronyms(singular(text).slice(0, 100))
  const label = one.charAt(0).toUpperCase() + one.slice(1)
  const many = keepAcronyms(plural(singular(text)).slice(0, 100))
  const entity: DraftEntity = {
    name,
    label,
    labelPlural: many.charAt(0).toUpperCase() + many.slice(1),
    fields: [],
    stated: 'none',
    relations: [],
    operations: [...Operation.options],
    path: null,
    access: {},
    owner: null,
  }
  draft.entities.set(name, entity)
  return entity
}

const keepAcronyms = (text: string) =>
  text
    .replaceAll('_', ' ')
    .replace(/(?<=[a-z])(?=[A-Z][a-z])/g, ' ')
    .trim()

/** Finds the entity of a phrase: by its whole name, else by its last words (`blog post` → Post). */
export function findEntity(draft: Draft, phrase: Phrase | null): DraftEntity | null {
  if (phrase === null) return null
  const name = nameOf(phrase)
  if (name === null) return null
  const exact = draft.entities.get(name)
  if (exact) return exact
  const words = wordsOf(singular(phrase.text))
  for (let from = 1; from < words.length; from++) {
    const tail = draft.entities.get(toPascal(words.slice(from).join(' ')) ?? '')
    if (tail) return tail
  }
  if (words.length > 1) return null
  const longer = [...draft.entities.values()].filter(
    (entity) => entity.name.endsWith(name) && wordsOf(entity.name).at(-1) === words[0],
  )
  return longer.length === 1 ? longer[0]! : null
}

export function addField(entity: DraftEntity, field: DraftField): DraftField | null {
  const at = entity.fields.findIndex((known) => known.name.toLowerCase() === field.name.toLowerCase())
  if (at >= 0) entity.fields[at] = merged(entity.fields[at]!, field)
  else if (entity.fields.length >= MAX_FIELDS) return null
  else entity.fields.push(field)
  return entity.fields[at >= 0 ? at : entity.fields.length - 1]!
}

/** A stated field over a typical one; what does not fit a stated type, such as a default, is not kept. */
function merged(known: DraftField, field: DraftField): DraftField {
  const { default: fallback, example: _, ...rest } = known
  const both = isDeepStrictEqual(known.type, field.type) ? known : rest
  const kept = fallback === undefined ? undefined : offlineKind(field.type).fitDefault(fallback)
  return {
    ...both,
    ...(kept !== undefined && { default: kept }),
    ...field,
    required: field.required ?? known.required,
  }
}

/** Adds a to-one relation unless it exists; removes the field that it replaces. */
export function addRelation(entity: DraftEntity, relation: BelongsTo): boolean {
  if (
    entity.relations.some((known) => known.name === relation.name) ||
    entity.relations.length >= MAX_RELATIONS
  )
    return false
  entity.fields = entity.fields.filter(
    (field) => field.name !== relation.name && field.name !== `${relation.name}Id`,
  )
  entity.relations.push(relation)
  return true
}

export const relationName = (target: DraftEntity) => toCamel(target.name) ?? 'parent'

export function areRelated(draft: Draft, a: DraftEntity, b: DraftEntity): boolean {
  const refers = (from: DraftEntity, to: DraftEntity) =>
    from.relations.some(
      ({ target, name }) => target === to.name && !(from.isOwnerAdded === true && name === from.owner),
    )
  return (
    refers(a, b) ||
    refers(b, a) ||
    draft.manyToMany.some(
      (link) =>
        (link.left === a.name && link.right === b.name) || (link.left === b.name && link.right === a.name),
    )
  )
}

/** The template of an entity with this name, in the matched domains or any other. */
export function templateFor(draft: Draft, name: string): EntityTemplate | null {
  return draft.domain?.templates.get(name) ?? templateOf(name)
}

export function reject(draft: Draft, tokens: readonly Token[]): void {
  draft.reading.coverage.unread(tokens)
}

export const defaultPath = (entity: DraftEntity) =>
  `/${toKebab(plural(wordsOf(entity.name).join(' '))) ?? toKebab(pluralName(entity.name))}`
