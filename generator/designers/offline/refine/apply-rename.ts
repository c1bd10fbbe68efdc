import type { Entity } from '#contract'
import { onEntity, renameEntity, renameProperty } from '../../../blueprint/edit-blueprint.ts'
import { plural, pluralName, singular, toCamel, toKebab, toPascal } from '../../../blueprint/words.ts'
import { readPhrase } from '../read/phrase.ts'
import { isWord } from '../text/tokens.ts'
import type { ChangeRequest } from './change-requests.ts'
import { stripNoise, findMentionedEntity, findMentionedProperty } from './current-blueprint.ts'
import type { State } from './refinement-state.ts'

export function rename({ tokens }: ChangeRequest, state: State): void {
  const cut = tokens.findIndex((token, at) => at > 0 && isWord(token, 'to', 'into', 'as'))
  const [from, to] = [tokens.slice(0, Math.max(cut, 0)), tokens.slice(cut + 1)]
  const words = readPhrase(stripNoise(to))
  if (cut < 0 || words === null) return
  const { blueprint } = state
  const at = from.findLastIndex(
    (token, index) =>
      index > 0 &&
      isWord(token, 'of', 'on', 'in', 'from') &&
      findMentionedEntity(blueprint, from.slice(index + 1)),
  )
  const whole = at < 0 ? findMentionedEntity(blueprint, from) : null
  if (whole) return renameWhole(state, whole, words.text)
  const holders = at < 0 ? blueprint.entities : [findMentionedEntity(blueprint, from.slice(at + 1))!]
  const said = at < 0 ? from : from.slice(0, at)
  const found = holders.filter((entity) => findMentionedProperty(entity, said) !== null)
  const name = toCamel(words.text)
  const [entity] = found
  if (!entity || found.length > 1 || name === null || isTaken(entity, name)) return
  const was = findMentionedProperty(entity, said)!
  if (blueprint.auth.kind === 'jwt' && blueprint.auth.account === entity.name && was === 'email') return
  state.blueprint = onEntity(renameProperty(blueprint, entity.name, was, name), entity.name, (one) => ({
    ...one,
    fields: one.fields.map((field) =>
      field.name === name ? { ...field, label: capital(words.text) } : field,
    ),
  }))
  state.renames = {
    ...state.renames,
    properties: [...state.renames.properties, { entity: entity.name, from: was, to: name }],
  }
}

const isTaken = ({ fields, belongsTo }: Entity, name: string) =>
  [...fields, ...belongsTo].some((one) => one.name.toLowerCase() === name.toLowerCase())

function renameWhole(state: State, entity: Entity, words: string): void {
  const one = singular(words)
  const name = toPascal(one)
  const path = toKebab(plural(one))
  const isKnown = state.blueprint.entities.some((other) => other.name === name)
  if (name === null || path === null || isKnown) return
  state.blueprint = renameEntity(state.blueprint, entity.name, {
    name,
    plural: pluralName(name),
    label: capital(one),
    labelPlural: capital(plural(one)),
    path: `/${path}`,
  })
  const { entities, properties } = state.renames
  state.renames = {
    // Renamed twice in one request: from the first name to the last.
    entities: [
      ...entities.map((known) => (known.to === entity.name ? { ...known, to: name } : known)),
      ...(entities.some(({ to }) => to === entity.name) ? [] : [{ from: entity.name, to: name }]),
    ],
    properties: properties.map((known) =>
      known.entity === entity.name ? { ...known, entity: name } : known,
    ),
  }
}

const capital = (words: string) => words.charAt(0).toUpperCase() + words.slice(1)
