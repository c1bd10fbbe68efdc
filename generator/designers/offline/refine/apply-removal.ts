import { removeEntity, removeProperty } from '../../../blueprint/edit-blueprint.ts'
import { isMark, isWord, type Token } from '../text/tokens.ts'
import type { ChangeRequest } from './change-requests.ts'
import { findMentionedEntity, findMentionedProperty } from './current-blueprint.ts'
import type { State } from './refinement-state.ts'

export function remove({ tokens, text }: ChangeRequest, state: State): void {
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

/** `the tags, the notes and comments` → three token lists. */
function listOf(tokens: readonly Token[]): Token[][] {
  const rows: Token[][] = [[]]
  for (const token of tokens) {
    if (isMark(token, ',', '&') || isWord(token, 'and')) rows.push([])
    else rows.at(-1)!.push(token)
  }
  return rows.filter((row) => row.length > 0)
}
