import { ResponseHeader, type CrudBinding, type Success } from '#contract'
import { isPlain } from '../../../blueprint/lint/shapes.ts'
import type { Node } from './document.ts'
import { simple } from './naming.ts'
import type { Notes } from './notes.ts'
import type { One } from './operation.ts'
import { nodeOf, textOf } from './resolve.ts'

/** What every route sends, under these names. */
const SENT = /^(x-ratelimit-(limit|remaining|reset)|x-request-id|content-type|content-length|date)$/i
/** What the protocol or the service itself decides. */
const RESERVED =
  /^(connection|content-.*|date|keep-alive|proxy-.*|set-cookie|transfer-encoding|upgrade|www-authenticate|access-control-.*)$/i

/** The headers of a response that code can return; the others are noted. */
export function headersOf(
  { resolve, toShape, notes, route }: One,
  response: Node,
  status: number,
): Pick<Success, 'headers'> {
  const isRedirect = status >= 300
  const unsent: string[] = []
  const headers = Object.entries(nodeOf(response['headers'])).flatMap(([name, given]) => {
    const { node } = resolve(given)
    if (SENT.test(name) || (isRedirect && /^location$/i.test(name))) return []
    const shape = toShape(node['schema'] ?? { type: 'string' }, 'out', `the header ${name} of ${route}`)
    const description = textOf(node['description'])?.replace(/\s+/g, ' ').slice(0, 500)
    const made = ResponseHeader.safeParse({
      name,
      shape: { ...shape, nullable: false },
      required: node['required'] === true,
      ...(description !== undefined && { description }),
    })
    if (made.success && isPlain(shape) && !RESERVED.test(name)) return [made.data]
    unsent.push(name)
    return []
  })
  unsent.push(...headers.slice(10).map(({ name }) => name))
  sayUnsent(unsent, `${route} responds with ${status}`, notes)
  return headers.length > 0 ? { headers: headers.slice(0, 10) } : {}
}

export const sayUnsent = (names: readonly string[], start: string, notes: Notes): void => {
  if (names.length > 0) notes.add(`${start} without the header ${names.slice(0, 5).join(', ')}.`)
}

const MEANINGS = [
  ['total', /^x?(total|totalcount|totalitems|totalresults|paginationtotal|paginationtotalcount)$/],
  ['count', /^x?(count|resultcount|itemcount)$/],
  ['pages', /^x?(totalpages|pagecount|paginationtotalpages|paginationpagecount)$/],
  ['page', /^x?(page|currentpage|paginationpage|paginationcurrentpage)$/],
  ['limit', /^x?(limit|perpage|pagesize|paginationlimit|paginationperpage)$/],
  ['offset', /^x?(offset|paginationoffset)$/],
] as const

/** The headers of a response with rows that the rows themselves say: how many there are, and where a new one is. */
export function headersOfRows(
  { headers = [], ...success }: Success,
  { action }: CrudBinding,
  hasItem: boolean,
): { readonly success: Success; readonly unsent: string[] } {
  const unsent: string[] = []
  const known = headers.flatMap((header) => {
    const holds = meaningOf(header, action, hasItem)
    if (holds !== undefined) return [{ ...header, holds }]
    unsent.push(header.name)
    return []
  })
  return { success: known.length > 0 ? { ...success, headers: known } : success, unsent }
}

function meaningOf(
  { name, shape }: ResponseHeader,
  action: CrudBinding['action'],
  hasItem: boolean,
): ResponseHeader['holds'] {
  if (action === 'create')
    return hasItem && /^(content-)?location$/i.test(name) && shape.kind === 'string' ? 'location' : undefined
  if (action !== 'list' || !['integer', 'number', 'string'].includes(shape.kind)) return undefined
  return MEANINGS.find(([, names]) => names.test(simple(name)))?.[0]
}
