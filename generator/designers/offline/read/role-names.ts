import { chunks } from '../text/chunks.ts'
import { isMark, isWord, type Token } from '../text/tokens.ts'
import type { Phrase } from './facts.ts'
import { readPhrase } from './phrase.ts'
import { add, type Reading } from './reading.ts'

/** Words that may precede `roles` in a list of roles. */
const BEFORE =
  'user users account accounts person people member members the a an each every there are is available following these different several possible our system app application access has have with can one of two three four five six'.split(
    ' ',
  )
const AFTER = ['and', 'permissions', 'rights']

/** `Roles: admin and member`, `There are two roles: …`, `Users have one of the roles admin or agent`: roles of accounts, not entities. */
export function readRoleNames(tokens: readonly Token[], reading: Reading): boolean {
  const at = tokens.findIndex((token) => isWord(token, 'roles'))
  if (at < 0 || !tokens.slice(0, at).every((token) => isWord(token, ...BEFORE))) return false
  const after = tokens.slice(at + 1)
  const joined = isMark(after[0], ':', '=') || isWord(after[0], 'are')
  if (!joined && !isWord(tokens[at - 1], 'the', 'following')) return false
  const named = chunks(joined ? after.slice(1) : after)
    .flatMap(({ tokens: words }) => byOr(words))
    .map(readRoleName)
  const roles = named.filter((phrase) => phrase !== null)
  if (roles.length === 0 || roles.length < named.length) return false
  addRoles(roles, tokens, reading)
  return true
}

/** `Roles:`, `## User roles`, `Roles and permissions`: each bullet below is one. */
export function isRolesLabel(tokens: readonly Token[]): boolean {
  const at = tokens.findIndex((token) => isWord(token, 'roles'))
  return (
    at >= 0 &&
    tokens.slice(0, at).every((token) => isWord(token, ...BEFORE) || isMark(token, '#')) &&
    tokens.slice(at + 1).every((token) => isWord(token, ...AFTER) || isMark(token, '&', '/'))
  )
}

/** `admin: can delete tickets`, `Editor - writes posts`: the role of a bullet and its description. */
export function readRoleItem(tokens: readonly Token[], reading: Reading): { rest: readonly Token[] } | null {
  const end = tokens.findIndex((token) => isMark(token, ':', '-', '–', '—', '('))
  const name = end < 0 ? tokens : tokens.slice(0, end)
  const role = readRoleName(name)
  if (role === null) return null
  addRoles([role], name, reading)
  return { rest: end < 0 ? [] : [...name, ...tokens.slice(end + 1)] }
}

function byOr(words: readonly Token[]): (readonly Token[])[] {
  const at = words.findIndex((token) => isWord(token, 'or'))
  return at < 0
    ? [words]
    : [words.slice(0, at), ...byOr(words.slice(at + 1))].filter(({ length }) => length > 0)
}

const readRoleName = (words: readonly Token[]): Phrase | null =>
  words.length > 0 && words.length <= 2 && words.every(({ kind }) => kind === 'word')
    ? readPhrase(words)
    : null

const addRoles = (roles: readonly Phrase[], tokens: readonly Token[], reading: Reading): void =>
  add(
    reading,
    { kind: 'role', roles: [...roles], only: false, operations: [], subjects: [], tokens: [...tokens] },
    tokens,
  )
