import type { Operation } from '#contract'
import { isWord, type Token } from '../text/tokens.ts'
import type { Chunk } from '../text/chunks.ts'
import type { Phrase } from './facts.ts'
import { furtherObjects } from './further-objects.ts'
import { add, type Reading } from './reading.ts'

const WRITES = ['create', 'update', 'delete'] as const
const OPERATIONS = new Map<string, readonly Operation[]>(
  [
    ['manage create add enter register record post publish write upload save', WRITES],
    ['edit update', ['update']],
    ['delete', ['delete']],
    ['view read list see browse', []],
  ].flatMap(([words, operations]) =>
    (words as string).split(' ').map((word) => [word, operations as readonly Operation[]] as const),
  ),
)
const operationsOf = ({ lower }: Token) =>
  OPERATIONS.get(lower) ??
  OPERATIONS.get(lower.replace(/(?:e?s)$/, '')) ??
  OPERATIONS.get(lower.replace(/s$/, ''))

/** Rights of these are always kept from others. */
const ADMINS = /^(?:\w+ )?(?:admin|administrator|moderator|superuser)s?$/i

type StaffAct = {
  readonly actor: Phrase
  readonly verbs: readonly Token[]
  readonly object: Phrase
  readonly covered: readonly Token[]
  readonly list: readonly Chunk[]
  readonly end: number
}

/**
 * `librarians manage books and members`: where people sign in, others do not. `Moderators can delete comments`: those of
 * others as well. Staff are a role and no table.
 * Returns how many further chunks it took; null if the verbs say nothing about access.
 */
export function readStaffAct(
  { actor, verbs, object, covered, list, end }: StaffAct,
  reading: Reading,
): number | null {
  const known = verbs.map(operationsOf)
  if (known.some((operations) => operations === undefined)) return null
  const operations = [...new Set(known.flatMap((some) => some ?? []))]
  const more = isWord(list[end]!.tokens.at(-1), ...object.tokens.map(({ lower }) => lower))
    ? furtherObjects(list, end + 1)
    : []
  const fact = { kind: 'role', roles: [actor], weak: true, subjects: [object, ...more] } as const
  const words = [...covered, ...more.flatMap(({ tokens }) => tokens)]
  if (operations.length > 0)
    add(reading, { ...fact, only: operations.includes('create'), operations, tokens: words }, words)
  add(reading, { ...fact, only: false, operations: ['list', 'read'], tokens: words }, words)
  // `Admins can delete photos`: without accounts everybody could.
  if (ADMINS.test(actor.text) && operations.some((operation) => operation !== 'create'))
    add(reading, { kind: 'auth', on: true, account: null, tokens: [] }, [])
  return more.length
}
