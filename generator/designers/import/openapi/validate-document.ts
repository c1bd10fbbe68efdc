import { Validator } from '@seriousme/openapi-schema-validator'
import type { Overlook } from './overlooked.ts'
import type { Node } from './document.ts'

type SchemaViolation = {
  instancePath: string
  keyword: string
  message?: string
  params: Record<string, unknown>
}

/** Keywords whose message says nothing; one of their branches does. */
const BRANCHES = new Set([
  'oneOf',
  'anyOf',
  'if',
  'allOf',
  'not',
  'unevaluatedProperties',
  'dependentSchemas',
])

/** Compile the schema of the specification once. To list every fault takes time that grows faster than their number. */
const forAll = new Validator({ allErrors: true })
const forFirst = new Validator()
const MAX_PARTS_FOR_ALL = 20_000

/** Lists in which the validator compares each member with all others; longer ones are not supported anyway. */
const COMPARED = new Set(['tags', 'parameters'])
export const MAX_COMPARED = 500
/** Further faults are not looked at one by one. */
const MAX_FAULTS = 2_000

function withShortLists(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(withShortLists)
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      withShortLists(COMPARED.has(name) && Array.isArray(inner) ? inner.slice(0, MAX_COMPARED) : inner),
    ]),
  )
}

/** Tells what does not follow the specification. All else is read. */
export async function tellFaults(root: Node, overlook: Overlook): Promise<void> {
  const listsAll = isSmall(root)
  const validator = listsAll ? forAll : forFirst
  const { valid, errors } = await validator.validate(withShortLists(root) as Record<string, unknown>)
  if (valid || !Array.isArray(errors)) return
  if (!listsAll)
    overlook([], 'the document is large, so further faults against the specification are not listed')
  const isAboutRef = ({ keyword, params }: SchemaViolation) =>
    keyword === 'required' && params['missingProperty'] === '$ref'
  const said = (errors as SchemaViolation[])
    .filter((fault) => !BRANCHES.has(fault.keyword) && !isAboutRef(fault))
    .slice(0, MAX_FAULTS)
  // A deep violation says more than that no branch matches.
  const deepest = new Map<string, { readonly fault: SchemaViolation; readonly path: string[] }>()
  for (const fault of said) {
    const path = partsOf(fault.instancePath)
    const subject = path.slice(0, 5).join('/')
    const before = deepest.get(subject)
    if (!before || before.path.length < path.length) deepest.set(subject, { fault, path })
  }
  for (const { fault, path } of deepest.values()) {
    const { extra, what } = describe(fault, path)
    overlook(
      extra === undefined ? path : [...path, extra],
      what,
      `${fault.keyword} ${path.at(-1) ?? ''} ${extra ?? ''}`,
    )
  }
}

function isSmall(root: Node): boolean {
  let parts = 0
  const stack: unknown[] = [root]
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    if (typeof top !== 'object' || top === null) continue
    parts += 1
    if (parts > MAX_PARTS_FOR_ALL) return false
    for (const inner of Object.values(top)) stack.push(inner)
  }
  return true
}

const partsOf = (pointer: string): string[] =>
  pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))

function describe(
  { message, params }: SchemaViolation,
  path: readonly string[],
): { extra: string | undefined; what: string } {
  const extra = params['additionalProperty'] ?? params['unevaluatedProperty']
  const where = path.length > 0 ? ` in ${path.join(' › ').slice(0, 200)}` : ''
  if (typeof extra === 'string')
    return { extra, what: `the specification does not know ${extra.slice(0, 80)}${where}` }
  const allowed = params['allowedValues']
  const values = Array.isArray(allowed) ? ` (${allowed.join(', ').slice(0, 100)})` : ''
  const rule = message ?? 'has another form'
  return {
    extra: undefined,
    what: `by the specification, ${path.at(-1) ?? 'the document'} ${rule}${values}${where}`,
  }
}
