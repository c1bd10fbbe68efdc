import { singular, wordsOf } from '../../../blueprint/words.ts'
import { commerce } from './commerce.ts'
import { content } from './content.ts'
import { life } from './life.ts'
import type {
  Domain,
  DomainSource,
  EntitySource,
  EntityTemplate,
  FieldTemplate,
  RelationTemplate,
} from './types.ts'
import { work } from './work.ts'

/** Known domains, by topic (`expense tracker`) or by the name of an entity. */
const SOURCES: readonly DomainSource[] = [...work, ...commerce, ...content, ...life]

const byTopic = new Map<string, Domain>()
const byEntity = new Map<string, EntityTemplate>()
for (const source of SOURCES) {
  const domain = parseDomain(source)
  for (const topic of source.topics.split(',')) byTopic.set(normal(topic), domain)
  for (const [name, template] of domain.templates) if (!byEntity.has(name)) byEntity.set(name, template)
}

/** The domain with exactly this name, singular or plural. */
export function matchTopic(phrase: string): Domain | null {
  return byTopic.get(normal(phrase)) ?? null
}

/** The template of an entity with this name, in any domain. */
export function templateOf(name: string): EntityTemplate | null {
  return byEntity.get(name) ?? null
}

export function allDomains(): readonly Domain[] {
  return [...new Set(byTopic.values())]
}

function normal(phrase: string): string {
  return wordsOf(singular(phrase.trim())).join(' ')
}

function parseDomain(source: DomainSource): Domain {
  const templates = new Map<string, EntityTemplate>()
  for (const [written, entity] of Object.entries(source.entities)) {
    const name = source.rename?.[written] ?? written
    templates.set(name, parseEntity(name, entity, source))
  }
  const entities = (source.with ?? [source.core]).map((name) => source.rename?.[name] ?? name)
  return { ...source, entities, templates }
}

function parseEntity(name: string, source: EntitySource, domain: DomainSource): EntityTemplate {
  return {
    name,
    fields: source.fields.map(parseField),
    belongsTo: (source.belongsTo ?? []).map(parseRelation),
    firstRelationOnly: source.firstRelationOnly ?? false,
    privacy: domain.privacy,
  }
}

function parseField(text: string): FieldTemplate {
  const [head = '', example] = text.split(' = ')
  const [declared = '', fallback] = head.split(' ~')
  const [marked = '', type] = declared.split(':')
  return {
    text: marked.replace(/[!*]/g, '').trim(),
    kind: type === undefined || type.includes('|') ? null : type.replace(/[!*]/g, '').trim(),
    values: type?.includes('|') ? type.split('|').map((value) => value.trim()) : [],
    required: marked.includes('!'),
    unique: marked.includes('*'),
    fallback: fallback?.trim() ?? null,
    example: example?.trim() ?? null,
  }
}

function parseRelation(text: string): RelationTemplate {
  const [head = '', rule] = text.split(' ')
  const [name = '', target] = head.replace(/[!*]/g, '').split('>')
  const required = head.includes('!')
  const onDelete = rule === 'cascade' || rule === 'restrict' ? rule : required ? 'cascade' : 'setNull'
  return {
    name,
    target: target ?? name.charAt(0).toUpperCase() + name.slice(1),
    required,
    unique: head.includes('*'),
    onDelete,
  }
}
