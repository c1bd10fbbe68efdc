import { findMatch } from '../text/match.ts'
import { isWord, type Token } from '../text/tokens.ts'
import { singular } from '../../../blueprint/words.ts'
import type { Phrase } from './facts.ts'
import { readPhrase } from './phrase.ts'
import { add, type Reading } from './reading.ts'

/** Relations in a whole sentence: two sides, or a delete rule. Returns whether it was one. */
export function readRelationSentence(tokens: readonly Token[], reading: Reading): boolean {
  return readBetween(tokens, reading) || readEachOther(tokens, reading) || readOnDelete(tokens, reading)
}

/** `many-to-many between posts and tags`, `posts and tags are many to many`, `Posts - Tags: many-to-many`. */
function readBetween(tokens: readonly Token[], reading: Reading): boolean {
  const words: [string, string][] = [
    ['many-to-many', 'many-to-many'],
    ['many to many', 'many-to-many'],
    ['m2m', 'many-to-many'],
    ['n-n', 'many-to-many'],
    ['one-to-many', 'one-to-many'],
    ['one to many', 'one-to-many'],
    ['many-to-one', 'many-to-one'],
    ['many to one', 'many-to-one'],
    ['one-to-one', 'one-to-one'],
    ['one to one', 'one-to-one'],
  ]
  for (const [pattern, kind] of words) {
    const place = findMatch(tokens, pattern)
    if (place === null) continue
    const frame =
      'a an the relation relationship relations is are have has in there from between with should be use and to each other'.split(
        ' ',
      )
    const sides: Token[][] = [[]]
    tokens.forEach((token, at) => {
      if (at >= place.at && at < place.at + place.take) sides.push([])
      else if (token.kind !== 'word' || frame.includes(token.lower)) sides.push([])
      else sides.at(-1)!.push(token)
    })
    const [left, right, third] = sides.filter((side) => side.length > 0).map((side) => readPhrase(side))
    if (!left || !right || third !== undefined) continue
    if (kind === 'many-to-many')
      add(reading, { kind: 'relation', shape: 'manyToMany', from: left, to: right, stated: true }, tokens)
    else if (kind === 'one-to-many')
      add(reading, { kind: 'relation', shape: 'hasMany', from: left, to: right, stated: true }, tokens)
    else if (kind === 'many-to-one')
      add(reading, { kind: 'relation', shape: 'belongsTo', from: left, to: right, stated: true }, tokens)
    else add(reading, { kind: 'relation', shape: 'hasOne', from: left, to: right, stated: true }, tokens)
    return true
  }
  return false
}

/** `posts can have many tags and tags (can have) many posts`. */
function readEachOther(tokens: readonly Token[], reading: Reading): boolean {
  const have = 'can|may? have|has many|multiple|several'
  const first = findMatch(tokens, have)
  if (first === null) return false
  const and = tokens.findIndex((token, at) => at > first.at && (isWord(token, 'and') || token.text === ','))
  if (and < 0) return false
  const second = tokens.slice(and + 1).filter((token) => !isWord(token, 'and', 'vice', 'versa'))
  const many = second.findIndex((token) => isWord(token, 'many', 'multiple', 'several'))
  const [a, b] = [readPhrase(tokens.slice(0, first.at)), readPhrase(tokens.slice(first.at + first.take, and))]
  if (a === null || b === null) return false
  const viceVersa = findMatch(tokens, 'vice versa', and) !== null
  if (!viceVersa) {
    if (many < 1) return false
    const verbless = second
      .slice(0, many)
      .filter(
        (token) =>
          !isWord(token, 'can', 'may', 'have', 'has', 'be', 'belong', 'to', 'in', 'a', 'an', 'each', 'also'),
      )
    const [c, d] = [readPhrase(verbless), readPhrase(second.slice(many + 1))]
    if (c === null || d === null || !same(b, c) || !same(a, d)) return false
  }
  add(reading, { kind: 'relation', shape: 'manyToMany', from: a, to: b, stated: true }, tokens)
  return true
}

/** `when a user is deleted, their posts are deleted too`, `deleting a post deletes its comments`. */
function readOnDelete(tokens: readonly Token[], reading: Reading): boolean {
  const [first] = tokens
  let [target, children, rule]: [Phrase | null, Phrase | null, 'cascade' | 'restrict'] = [
    null,
    null,
    'cascade',
  ]
  if (isWord(first, 'when', 'if', 'once', 'whenever')) {
    const gone = findMatch(tokens, 'is|are|gets|get deleted|removed')
    if (gone === null) return false
    target = readPhrase(tokens.slice(1, gone.at))
    const rest = tokens
      .slice(gone.at + gone.take)
      .filter((token) => token.kind === 'word' && !isWord(token, 'then', 'all', 'so', 'also'))
    const verb =
      findMatch(rest, 'is|are|get|gets|should|must be? deleted|removed') ?? findMatch(rest, 'should|must go')
    const active = findMatch(rest, 'delete|deletes|remove')
    children = verb
      ? readPhrase(rest.slice(0, verb.at))
      : active?.at === 0
        ? readPhrase(rest.slice(active.take))
        : null
  } else if (isWord(first, 'deleting', 'removing')) {
    const verb = findMatch(tokens, 'deletes|removes|should|must|will|also delete|remove?', 1)
    if (verb === null) return false
    target = readPhrase(tokens.slice(1, verb.at))
    children = readPhrase(
      tokens.slice(verb.at + verb.take).filter((token) => !isWord(token, 'also', 'all', 'too')),
    )
  } else {
    const verb = findMatch(tokens, "cannot|can't be deleted if|while|when it|they? has|have|still? has|have?")
    if (verb === null) return false
    target = readPhrase(tokens.slice(0, verb.at))
    children = readPhrase(tokens.slice(verb.at + verb.take))
    rule = 'restrict'
  }
  if (target === null || children === null) return false
  add(reading, { kind: 'onDelete', target, children, rule }, tokens)
  return true
}

function same(a: Phrase, b: Phrase): boolean {
  return singular(a.text.toLowerCase()) === singular(b.text.toLowerCase())
}
