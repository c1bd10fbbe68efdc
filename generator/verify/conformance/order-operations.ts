import type { Deref, DocumentOperation } from './document.ts'
import { isSignUp, nounOfPath, paramsOf, passwordIn, shapeOfPath, tokenIn } from './find-sources.ts'

/** What ends something is called when nothing else needs it any more. */
const ENDS = /log-?out|sign-?out|revoke|cancel|close|archive|finish|reset|clear|purge/i

/** How operations are called: those that others need come first. */
export type Ordered = {
  readonly operations: readonly DocumentOperation[]
  readonly signUp: DocumentOperation | undefined
  /** Operations that answer a token. */
  readonly issuers: readonly DocumentOperation[]
}

/** Sign-up and sign-in, what creates rows, what reads, what changes, what ends, and what deletes. */
export function orderOperations(
  all: readonly DocumentOperation[],
  deref: Deref,
  /** Nouns of the rows that the body of an operation refers to. */
  nounsIn: (operation: DocumentOperation) => readonly string[],
): Ordered {
  const withPassword = all.filter((one) => one.method === 'POST' && passwordIn(one, deref) !== null)
  const signUp = withPassword.find(isSignUp)
  const issuers = withPassword
    .filter((one) => tokenIn(one, deref) !== null)
    .sort((a, b) => Number(a === signUp) - Number(b === signUp))

  const creators = new Map<string, DocumentOperation[]>()
  const byPath = new Map<string, DocumentOperation>()
  for (const one of all) {
    if (one.method !== 'POST' || one.path.endsWith('}')) continue
    byPath.set(shapeOfPath(one.path), one)
    const noun = nounOfPath(one.path)
    creators.set(noun, [...(creators.get(noun) ?? []), one])
  }
  const done = new Set<DocumentOperation>()
  const visit = (one: DocumentOperation, within: readonly DocumentOperation[]): void => {
    if (done.has(one) || within.includes(one) || within.length > 12) return
    const inner = [...within, one]
    for (const { before } of paramsOf(one.path)) {
      const parent = byPath.get(shapeOfPath(before))
      if (parent) visit(parent, inner)
    }
    for (const noun of nounsIn(one)) for (const other of creators.get(noun) ?? []) visit(other, inner)
    done.add(one)
  }
  if (signUp) visit(signUp, [])
  for (const one of issuers) visit(one, [])
  const rank = ({ method, path, node }: DocumentOperation): number => {
    if (method === 'DELETE') return 6
    if (ENDS.test(`${path} ${String(node['operationId'])}`)) return 5
    if (method === 'POST') return path.endsWith('}') || paramsOf(path).length > 1 ? 2 : 1
    return method === 'GET' ? 3 : 4
  }
  const depth = ({ path }: DocumentOperation) => path.split('/').length
  const sorted = all.toSorted(
    (a, b) => rank(a) - rank(b) || (rank(a) === 6 ? depth(b) - depth(a) : depth(a) - depth(b)),
  )
  for (const one of sorted) visit(one, [])
  return { operations: [...done], signUp, issuers }
}
