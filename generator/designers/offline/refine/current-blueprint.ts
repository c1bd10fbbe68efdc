import { relationProperty, type Blueprint, type Entity } from '#contract'
import { singular, toCamel, toPascal, wordsOf } from '../../../blueprint/words.ts'
import { makeDraft, type Draft, type DraftEntity } from '../assemble/draft.ts'
import { readPhrase } from '../read/phrase.ts'
import type { Reading } from '../read/reading.ts'
import { isWord, type Token } from '../text/tokens.ts'

/** A draft of the current Blueprint: existing entities get no typical fields. */
export function draftFromBlueprint(present: Blueprint, prompt: string, reading: Reading): Draft {
  const draft = makeDraft(prompt, reading)
  for (const entity of present.entities) draft.entities.set(entity.name, draftEntity(entity))
  draft.manyToMany.push(...present.manyToMany.map((link) => ({ ...link })))
  return draft
}

const draftEntity = (entity: Entity): DraftEntity => ({
  name: entity.name,
  label: entity.label,
  labelPlural: entity.labelPlural,
  fields: entity.fields.map((field) => ({ ...field })),
  stated: 'listed',
  relations: entity.belongsTo.map((relation) => ({ ...relation })),
  operations: [...entity.operations],
  path: entity.path,
  access: { ...entity.access },
  owner: entity.owner ?? null,
})

const NOISE = [
  'the',
  'a',
  'an',
  'all',
  'each',
  'every',
  'any',
  'field',
  'fields',
  'column',
  'columns',
  'property',
  'properties',
  'attribute',
  'attributes',
  'entity',
  'entities',
  'table',
  'tables',
  'resource',
  'relation',
  'called',
  'named',
  'its',
  'their',
  'our',
]

/** Removes words for the kind of thing: `the field email` → `email`. */
export const stripNoise = (tokens: readonly Token[]) => {
  const rest = tokens.filter((token) => token.kind !== 'mark' && (token.quoted || !isWord(token, ...NOISE)))
  return rest.length > 0 ? rest : tokens.filter((token) => token.kind === 'word').slice(-1)
}

/** Finds the entity of some words: by its name, its label or the last word of either. */
export function findMentionedEntity({ entities }: Blueprint, tokens: readonly Token[]): Entity | null {
  const phrase = readPhrase(stripNoise(tokens))
  if (phrase === null) return null
  const name = toPascal(singular(phrase.text)) ?? ''
  const fold = (text: string) => wordsOf(singular(text)).join(' ')
  const exact = entities.find(
    (entity) =>
      entity.name.toLowerCase() === name.toLowerCase() ||
      entity.plural.toLowerCase() === (toPascal(phrase.text) ?? '').toLowerCase() ||
      fold(entity.label) === fold(phrase.text) ||
      entity.labelPlural.toLowerCase() === phrase.text.toLowerCase(),
  )
  if (exact) return exact
  const ending = entities.filter((entity) => wordsOf(entity.name).at(-1) === fold(phrase.text))
  return ending.length === 1 ? ending[0]! : null
}

/** Finds the name of the field or relation of some words. */
export function findMentionedProperty(entity: Entity, tokens: readonly Token[]): string | null {
  const said = stripNoise(tokens)
    .map(({ text }) => text)
    .join(' ')
  const names = new Set([said, toCamel(said), toCamel(singular(said))].map((name) => name?.toLowerCase()))
  const field = entity.fields.find(
    ({ name, label }) =>
      names.has(name.toLowerCase()) ||
      names.has(label.toLowerCase()) ||
      names.has(toCamel(name)?.toLowerCase()),
  )
  if (field) return field.name
  return (
    entity.belongsTo.find(
      (relation) =>
        names.has(relation.name.toLowerCase()) || names.has(relationProperty(relation).toLowerCase()),
    )?.name ?? null
  )
}
