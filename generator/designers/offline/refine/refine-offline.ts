import { isDeepStrictEqual } from 'node:util'
import type { Blueprint, Entity } from '#contract'
import { onEntity } from '../../../blueprint/edit-blueprint.ts'
import { keepSeeds, withoutLostLinks } from '../../../blueprint/keep-seeds.ts'
import { noRenames, type Renames } from '../../../blueprint/renames.ts'
import { singular, toPascal } from '../../../blueprint/words.ts'
import { DesignError } from '../design-error.ts'
import { readPhrase } from '../read/phrase.ts'
import { isWord } from '../text/tokens.ts'
import { remove } from './apply-removal.ts'
import { rename } from './apply-rename.ts'
import { applyStatement } from './apply-statement.ts'
import { textOf, splitChangeRequests, type ChangeRequest } from './change-requests.ts'
import { stripNoise, findMentionedEntity, findMentionedProperty } from './current-blueprint.ts'
import type { State } from './refinement-state.ts'

export type OfflineRefinement = {
  readonly blueprint: Blueprint
  readonly renames: Renames
  readonly assumptions: string[]
  readonly notUnderstood: string[]
}

const MAX_PROMPT = 20_000
const MAX_CHANGES = 100

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
