import { BelongsTo, Blueprint, ConfigValue, Entity, Field, IDENTIFIER, type Operation } from '#contract'
import type { z } from 'zod'
import { objectsIn } from '../../blueprint/lint/shapes.ts'
import { modelKind } from '../field-kinds.ts'
import { toShape } from './decode-shape.ts'
import { toOperation } from './decode-operation.ts'
import { toHelper } from './decode-helper.ts'
import { toService } from './decode-service.ts'
import { toSchedule } from './decode-schedule.ts'
import type { LlmBlueprint, LlmConfigValue, LlmEntity, LlmField, LlmSeed } from './llm-schema.ts'
import {
  pluralName,
  spaced,
  toCamel,
  toKebab,
  toPascal,
  toSnake,
  transliterate,
} from '../../blueprint/words.ts'

/**
 * Decodes a model's answer into a Blueprint, not yet validated. Names, paths and texts that the contract would reject are
 * normalised where that loses nothing, but for those of the `present` design; `dropped` lists the rules that could not be expressed, for the requester, and
 * `unread` the examples and rows whose values are not JSON.
 */
export function toBlueprint(
  llm: LlmBlueprint,
  present?: Blueprint,
): { candidate: unknown; dropped: string[]; unread: string[] } {
  const known = namesIn(present)
  const dropped: string[] = []
  const unread: string[] = []
  const candidate = {
    version: 1,
    name: fits(Blueprint.shape.name, llm.name) ? llm.name : (toKebab(llm.name) ?? 'backend'),
    title: label(llm.title, llm.name),
    description: cut(llm.description, 2000),
    auth: toAuth(llm),
    entities: llm.entities.map((entity) => toEntity(entity, { known, dropped })),
    manyToMany: llm.manyToMany.map(({ left, right }) => ({ left: pascal(left), right: pascal(right) })),
    operations: llm.operations.map((operation) => toOperation(operation, unread)),
    config: llm.config.map(toConfigValue),
    seeds: llm.seeds.flatMap((seed) => toSeed(seed, unread)),
    schedules: llm.schedules.map((schedule) => toSchedule(schedule, unread)),
    services: llm.services.map(toService),
    ...(llm.helpers.length > 0 && { helpers: llm.helpers.map(toHelper) }),
  }
  return { candidate, dropped, unread }
}

function toAuth({ accountEntity, roles, apiKeys, apiKeyHeader }: LlmBlueprint) {
  if (accountEntity === null && !apiKeys) return { kind: 'none' }
  if (accountEntity === null)
    return { kind: 'apiKey', ...(apiKeyHeader !== null && { header: apiKeyHeader }) }
  const names = roles.map(role)
  return {
    kind: 'jwt',
    account: pascal(accountEntity),
    ...(names.length > 0 && { roles: { names, initial: names[0] } }),
  }
}

/** `Shop Owner` → `shop-owner`. */
function role(name: string): string {
  return /^[a-z][a-z0-9_-]{0,29}$/.test(name) ? name : (toKebab(name) ?? name)
}

function toPolicy({ who, roles }: LlmEntity['policies'][number]) {
  if (who === 'roles') return { who, roles: roles.map(role) }
  return { who, ...(who === 'owner' && roles.length > 0 && { orRoles: roles.map(role) }) }
}

function toEntity(entity: LlmEntity, given: Given) {
  const { known } = given
  const name = pascal(entity.name)
  return {
    name,
    plural: fits(Entity.shape.plural, entity.plural) ? entity.plural : pluralName(name),
    label: label(entity.label, entity.name),
    labelPlural: label(entity.labelPlural, entity.plural),
    ...(entity.description !== null && { description: cut(entity.description, 1000) }),
    path: toPath(entity.path),
    ...(entity.key !== null && { key: { ...entity.key, name: property(entity.key.name, known) } }),
    ...(entity.timestamps !== null && { stamps: entity.timestamps }),
    fields: entity.fields.map((field) => toField(field, name, given)),
    belongsTo: entity.belongsTo.map((relation) => ({
      name: camel(relation.name),
      ...(relation.property !== null && { property: relation.property }),
      label: label(relation.label, relation.name),
      target: pascal(relation.target),
      required: relation.required,
      unique: relation.unique,
      onDelete: relation.onDelete,
    })),
    ...(entity.indexes.length > 0 && {
      indexes: entity.indexes.map(({ properties, unique }) => ({
        properties: properties.map((one) => property(one, known)),
        unique,
      })),
    }),
    operations: unlessRepeated(entity.operations),
    access: { read: entity.readAccess, write: entity.writeAccess },
    ...(entity.policies.length > 0 && {
      policies: Object.fromEntries(entity.policies.map((policy) => [policy.operation, toPolicy(policy)])),
    }),
    ...(entity.owner !== null && { owner: camel(entity.owner) }),
  }
}

/** `maxLoans` → `MAX_LOANS`. */
function toConfigValue({ name, type, description, defaultValue, example }: LlmConfigValue) {
  return {
    name: fits(ConfigValue.shape.name, name) ? name : (toSnake(name) ?? name).toUpperCase(),
    type,
    description: cut(description.trim() || spaced(name), 500),
    ...(defaultValue !== null && { default: toValue(defaultValue, type) }),
    ...(example !== null && { example: toValue(example, type) }),
  }
}

function toSeed({ name, entity, values, links }: LlmSeed, unread: string[]) {
  try {
    return [
      {
        name: camel(name),
        entity: pascal(entity),
        values: JSON.parse(values) as unknown,
        links: links.map(camel),
      },
    ]
  } catch {
    unread.push(`The seed ${name} of ${entity}: its values are not JSON.`)
    return []
  }
}

function toField(field: LlmField, entity: string, { known, dropped }: Given) {
  const name = property(field.name, known)
  const { type, unused } = toType(field)
  for (const rule of unused) {
    dropped.push(`${rule} of ${entity}.${name}: a field of kind ${field.kind} has no such rule.`)
  }
  return {
    name,
    label: label(field.label, field.name),
    type,
    required: field.required,
    ...(field.omitted && { unset: 'omitted' }),
    unique: field.unique,
    ...(field.setBy.length > 0 && { setBy: field.setBy.map(role) }),
    ...(isText(field) && field.min === 0 && { blank: true }),
    ...(field.defaultValue !== null && { default: toValue(field.defaultValue, field.kind) }),
    ...(field.example !== null && { example: toValue(field.example, field.kind) }),
    ...(field.description !== null && { description: cut(field.description, 500) }),
  }
}

/** The least length of a text: 0 says that it may be blank. */
const isText = ({ kind }: LlmField): boolean => kind === 'string' || kind === 'text'

/** The type with the rules that its kind knows, and the names of those that it does not. */
function toType(field: LlmField): { type: object; unused: string[] } {
  const { kind } = field
  const isLength = isText(field) && (field.min === 0 || field.min === 1)
  const bounds = {
    ...(field.min !== null && !isLength && { min: field.min }),
    ...(field.max !== null && { max: field.max }),
  }
  const length = field.maxLength === null ? {} : { maxLength: field.maxLength }
  const values = field.values === null || field.values.length === 0 ? {} : { values: field.values }
  const json = kind === 'json' ? { shape: field.json.length === 0 ? ANY : toShape(field.json) } : {}
  const rules = { maxLength: length, bounds, values, json }
  const { rule } = modelKind(kind)
  const own = rule === null ? {} : rules[rule]
  const pattern = field.pattern === null ? {} : { pattern: field.pattern }
  const type =
    kind === 'enum'
      ? { kind, values: field.values ?? [] }
      : { kind, ...own, ...(kind === 'string' && pattern) }
  const said = { ...length, ...bounds, ...values, ...pattern }
  return { type, unused: Object.keys(said).filter((name) => !(name in type)) }
}

/** Parses a text as a value of that kind. A text that does not parse stays text, and the linter reports it. */
const toValue = (text: string, kind: LlmField['kind'] | LlmConfigValue['type']) =>
  kind === 'secret' ? text : modelKind(kind).parse(text)

/** `todos/:id/` → `/todos`. A route that was named exactly fits already and stays as it is. */
function toPath(path: string): string {
  if (fits(Entity.shape.path, path)) return path
  const segments = transliterate(path.trim().replace(/[?#].*$/s, ''))
    .split('/')
    .map((segment) => segment.trim().replace(/\s+/g, '-'))
    .filter((segment) => segment !== '')
  while (/^([:*]|\{|<|\[)/.test(segments.at(-1) ?? '')) segments.pop()
  return `/${segments.join('/')}`
}

/** Any JSON, for a field. */
const ANY = { kind: 'any', nullable: false }

/** Kept as it is where it can be: a person may have named it exactly, `due_date`, and a document `first name`. */
function property(name: string, known: ReadonlySet<string>): string {
  return fits(Field.shape.name, name) && (IDENTIFIER.test(name) || known.has(name)) ? name : camel(name)
}

type Given = { readonly known: ReadonlySet<string>; readonly dropped: string[] }

/** The properties of a design: of its rows, and of what its operations take and return. */
function namesIn(design?: Blueprint): Set<string> {
  const rows = (design?.entities ?? []).flatMap(({ key, fields }) => [...(key ? [key] : []), ...fields])
  const shapes = (design?.operations ?? []).flatMap(({ body, responses: { success } }) => [
    ...(body ? [body] : []),
    ...(success.kind === 'json' ? [success.shape] : []),
  ])
  return new Set([...rows, ...shapes.flatMap(objectsIn).flat()].map(({ name }) => name))
}

function pascal(name: string): string {
  return fits(Entity.shape.name, name) ? name : (toPascal(name) ?? name)
}

function camel(name: string): string {
  return fits(BelongsTo.shape.name, name) ? name : (toCamel(name) ?? name)
}

function label(text: string, name: string): string {
  return cut(text.trim() || spaced(name), 200)
}

/** At most `max` UTF-16 code units, without half a character at the end. */
function cut(text: string, max: number): string {
  return text.length <= max ? text : text.slice(0, max).replace(/[\uD800-\uDBFF]$/, '')
}

function unlessRepeated(operations: readonly Operation[]): Operation[] {
  return [...new Set(operations)]
}

function fits(schema: z.ZodType, value: unknown): boolean {
  return schema.safeParse(value).success
}
