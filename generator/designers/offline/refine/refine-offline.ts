import { isDeepStrictEqual } from 'node:util'
import type { Blueprint, Entity } from '#contract'
import {
  onEntity,
  removeEntity,
  removeProperty,
  renameEntity,
  renameProperty,
} from '../../../blueprint/edit-blueprint.ts'
import { keepSeeds, withoutLostLinks } from '../../../blueprint/keep-seeds.ts'
import { noRenames, type Renames } from '../../../blueprint/renames.ts'
import { plural, pluralName, singular, toCamel, toKebab, toPascal } from '../../../blueprint/words.ts'
import { DesignError } from '../design-error.ts'
import { readPhrase } from '../read/phrase.ts'
import { isMark, isWord, type Token } from '../text/tokens.ts'
import { applyStatement } from './apply-statement.ts'
import { stripNoise, findMentionedEntity, findMentionedProperty } from './current-blueprint.ts'
import { textOf, splitChangeRequests, type ChangeRequest } from './change-requests.ts'

export type OfflineRefinement = {
  readonly blueprint: Blueprint
  readonly renames: Renames
  readonly assumptions: string[]
  readonly notUnderstood: string[]
}

const MAX_PROMPT = 20_000
const MAX_CHANGES = 100

/** The result of the changes so far. */
type State = { blueprint: Blueprint; renames: Renames; assumptions: string[]; notUnderstood: string[] }

/**
 * Changes a backend by plain English requests, by rules: `add comments to tasks`, `remove the field email from
 * users`, `rename tasks to todos`, `make the title unique`. Equal requests give equal results. Throws `DesignError`
 * (`nothing_readable`) if no change could be read, instead of returning an unchanged version.
 */
export function refineOffline(input: { prompt: string; present: Blueprint }): OfflineRefinement {
  const prompt = input.prompt.slice(0, MAX_PROMPT).toWellFormed()
  const state: State = { blueprint: input.present, renames: noRenames, assumptions: [], notUnderstood: [] }
  const changes = splitChangeRequests(prompt)
  for (const change of changes.slice(0, MAX_CHANGES)) {
    const before = state.blueprint
    applyChange(prompt, change, state)
    if (isDeepStrictEqual(before, state.blueprint) && !state.notUnderstood.includes(change.text))
      state.notUnderstood.push(change.text)
  }
  for (const { text } of changes.slice(MAX_CHANGES)) state.notUnderstood.push(text)
  if (isDeepStrictEqual(state.blueprint, input.present)) throw nothingRead(input.present)
  const { blueprint, dropped } = keepSeeds(withoutLostLinks(state.blueprint))
  return { ...state, blueprint, assumptions: [...state.assumptions, ...dropped] }
}

function nothingRead({ entities }: Blueprint): DesignError {
  const [first] = entities
  const many = first?.labelPlural.toLowerCase() ?? 'tasks'
  const field = first?.fields.at(-1)?.name ?? 'title'
  return new DesignError(
    'nothing_readable',
    `No change could be read from the request, so there is no new version. Without a language model, say for example: "add comments to ${many}", "add a priority (low, medium, high) to ${many}", "remove the field ${field} from ${many}", "rename ${many} to items".`,
  )
}

function applyChange(prompt: string, change: ChangeRequest, state: State): void {
  switch (change.kind) {
    case 'add':
      return add(prompt, change, state)
    case 'remove':
      return remove(change, state)
    case 'rename':
      return rename(change, state)
    case 'make':
      return make(prompt, change, state)
    case 'statement':
      return applySentence(change.text, state)
  }
}

/** `comments to tasks` is read as `Each task has comments`. */
function add(prompt: string, change: ChangeRequest, state: State): void {
  const { tokens } = change
  const cut = tokens.findLastIndex(
    (token, at) =>
      at > 0 &&
      isWord(token, 'to', 'for', 'on', 'of', 'in') &&
      findMentionedEntity(state.blueprint, tokens.slice(at + 1)) !== null,
  )
  if (cut > 0) {
    const target = findMentionedEntity(state.blueprint, tokens.slice(cut + 1))!
    return applySentence(`Each ${nameFor(target)} has ${textOf(prompt, tokens.slice(0, cut))}.`, state)
  }
  const begins = tokens.findIndex((token) => isWord(token, 'with', 'having'))
  const noun = tokens.slice(0, begins < 0 ? undefined : begins)
  const known = findMentionedEntity(state.blueprint, noun)
  const phrase = readPhrase(stripNoise(noun))
  if (begins > 0 && phrase !== null && known === null)
    return applySentence(
      `Each ${singular(phrase.text)} has ${textOf(prompt, tokens.slice(begins + 1))}.`,
      state,
    )
  const [only, ...others] = state.blueprint.entities
  if (only && others.length === 0 && phrase !== null && !phrase.plural)
    return applySentence(`Each ${nameFor(only)} has ${textOf(prompt, tokens)}.`, state)
  applySentence(`There are these entities: ${textOf(prompt, tokens)}`, state)
}

/** The words by which the reader finds the entity. */
const nameFor = ({ name, label }: Entity) =>
  toPascal(singular(label)) === name && /^[\w -]+$/.test(label) ? label.toLowerCase() : name

function applySentence(sentence: string, state: State): void {
  const added = applyStatement(state.blueprint, sentence)
  state.blueprint = added.blueprint
  state.assumptions.push(...added.assumptions)
  state.notUnderstood.push(...added.notUnderstood)
}

function remove({ tokens, text }: ChangeRequest, state: State): void {
  const cut = tokens.findLastIndex(
    (token, at) =>
      at > 0 &&
      isWord(token, 'from', 'of', 'on', 'in') &&
      findMentionedEntity(state.blueprint, tokens.slice(at + 1)),
  )
  const named = cut > 0 ? findMentionedEntity(state.blueprint, tokens.slice(cut + 1)) : null
  const isField = tokens.some((token) => isWord(token, 'field', 'fields', 'column', 'attribute', 'property'))
  for (const one of listOf(cut > 0 ? tokens.slice(0, cut) : tokens)) {
    const spoken = one.map(({ text: word }) => word).join(' ')
    const done = named
      ? removeFrom(state, named.name, one)
      : (!isField && removeWhole(state, one)) || removeWherever(state, one)
    if (!done) state.notUnderstood.push(cut > 0 || spoken === '' ? text : `remove ${spoken}`)
  }
}

function removeFrom(state: State, entity: string, tokens: readonly Token[]): boolean {
  const { blueprint } = state
  const held = blueprint.entities.find(({ name }) => name === entity)
  const property = held && findMentionedProperty(held, tokens)
  if (property) return removeOne(state, entity, property)
  const other = findMentionedEntity(blueprint, tokens)
  if (!other || other.name === entity) return false
  const links = blueprint.manyToMany.filter(
    ({ left, right }) => [left, right].includes(entity) && [left, right].includes(other.name),
  )
  const relation = held?.belongsTo.find(({ target }) => target === other.name)
  if (relation) return removeOne(state, entity, relation.name)
  const elsewhere =
    blueprint.manyToMany.some(
      (link) => !links.includes(link) && [link.left, link.right].includes(other.name),
    ) || blueprint.entities.some(({ belongsTo }) => belongsTo.some(({ target }) => target === other.name))
  // Tags of tasks belong only to tasks.
  if (links.length > 0 && elsewhere) {
    state.blueprint = {
      ...blueprint,
      manyToMany: blueprint.manyToMany.filter((link) => !links.includes(link)),
    }
    return true
  }
  const isPart = links.length > 0 || other.belongsTo.some(({ target }) => target === entity)
  return isPart && removeWhole(state, tokens)
}

function removeWhole(state: State, tokens: readonly Token[]): boolean {
  const { blueprint } = state
  const entity = findMentionedEntity(blueprint, tokens)
  if (!entity || blueprint.entities.length === 1) return false
  if (blueprint.auth.kind === 'jwt' && blueprint.auth.account === entity.name) return false
  state.blueprint = removeEntity(blueprint, entity.name)
  return true
}

/** A field without an entity, if only one entity has it. */
function removeWherever(state: State, tokens: readonly Token[]): boolean {
  const holders = state.blueprint.entities.filter((entity) => findMentionedProperty(entity, tokens) !== null)
  return (
    holders.length === 1 && removeOne(state, holders[0]!.name, findMentionedProperty(holders[0]!, tokens)!)
  )
}

function removeOne(state: State, entity: string, property: string): boolean {
  const { auth } = state.blueprint
  // Nobody could sign in.
  if (auth.kind === 'jwt' && auth.account === entity && property === 'email') return false
  state.blueprint = removeProperty(state.blueprint, entity, property)
  return true
}

function rename({ tokens }: ChangeRequest, state: State): void {
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

/** `the title of tasks unique`, `description required`. */
function make(prompt: string, { tokens, text }: ChangeRequest, state: State): void {
  const last = tokens.at(-1)
  if (!isWord(last, 'required', 'mandatory', 'optional', 'unique')) return applySentence(text, state)
  const at = tokens.findLastIndex(
    (token, index) =>
      index > 0 &&
      isWord(token, 'of', 'on', 'in', 'for') &&
      findMentionedEntity(state.blueprint, tokens.slice(index + 1, -1)),
  )
  const named = at > 0 ? findMentionedEntity(state.blueprint, tokens.slice(at + 1, -1)) : null
  const said = tokens.slice(0, at > 0 ? at : -1)
  const holders = (named ? [named] : state.blueprint.entities).filter((entity) =>
    findMentionedProperty(entity, said),
  )
  const [entity] = holders
  if (!entity || holders.length > 1) return void state.notUnderstood.push(textOf(prompt, tokens))
  const name = findMentionedProperty(entity, said)!
  const rule = isWord(last, 'unique') ? { unique: true } : { required: !isWord(last, 'optional') }
  state.blueprint = onEntity(state.blueprint, entity.name, (one) => ({
    ...one,
    fields: one.fields.map((field) => (field.name === name ? { ...field, ...rule } : field)),
    belongsTo: one.belongsTo.map((relation) =>
      relation.name !== name
        ? relation
        : {
            ...relation,
            ...rule,
            ...(rule.required === true &&
              relation.onDelete === 'setNull' && { onDelete: 'restrict' as const }),
          },
    ),
  }))
}

/** `the tags, the notes and comments` → three token lists. */
function listOf(tokens: readonly Token[]): Token[][] {
  const rows: Token[][] = [[]]
  for (const token of tokens) {
    if (isMark(token, ',', '&') || isWord(token, 'and')) rows.push([])
    else rows.at(-1)!.push(token)
  }
  return rows.filter((row) => row.length > 0)
}

const capital = (words: string) => words.charAt(0).toUpperCase() + words.slice(1)
