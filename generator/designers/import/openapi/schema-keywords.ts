import type { Shape } from '#contract'
import { nextNumber } from '../../../blueprint/next-number.ts'
import type { Notes } from './notes.ts'
import type { Node } from './document.ts'
import { isNode, listOf } from './resolve.ts'

type Type = 'string' | 'integer' | 'number' | 'boolean' | 'array' | 'object' | 'any'

export function typeOf(node: Node): { type: Type; nullable: boolean } {
  const given = Array.isArray(node['type']) ? node['type'] : [node['type'] ?? impliedType(node)]
  const kinds = given.filter((kind) => kind !== 'null')
  const nullable = kinds.length < given.length || node['nullable'] === true
  const [kind] = kinds
  const isWholeOrNot = kinds.length === 2 && kinds.includes('integer') && kinds.includes('number')
  if (isWholeOrNot) return { type: 'number', nullable }
  if (kinds.length !== 1 || typeof kind !== 'string') return { type: 'any', nullable }
  return {
    type: ['string', 'integer', 'number', 'boolean', 'array', 'object'].includes(kind)
      ? (kind as Type)
      : 'any',
    nullable,
  }
}

function impliedType(node: Node): string | undefined {
  if (isNode(node['properties']) || node['additionalProperties'] !== undefined) return 'object'
  if (node['items'] !== undefined) return 'array'
  const values = 'const' in node ? [node['const']] : listOf(node['enum'])
  if (values.length === 0) return undefined
  if (values.every((value) => typeof value === 'string')) return 'string'
  if (values.every((value) => Number.isSafeInteger(value))) return 'integer'
  return values.every((value) => typeof value === 'boolean') ? 'boolean' : undefined
}

/** In 3.0 `exclusiveMinimum` is a flag for `minimum`; in 3.1 it is a number, and the stricter of both counts. */
export function boundOf(bound: unknown, exclusive: unknown, kind: Numbers): number | undefined {
  const { direction } = kind
  const given = typeof bound === 'number' ? bound : undefined
  const open = exclusive === true ? given : typeof exclusive === 'number' ? exclusive : undefined
  const bounds = [
    ...(given === undefined ? [] : [given]),
    ...(open === undefined ? [] : [beyond(open, kind)]),
  ]
  if (bounds.length === 0) return undefined
  return direction === 1 ? Math.max(...bounds) : Math.min(...bounds)
}

/** Whether a bound is the least or the greatest value, of whole numbers or of any. */
type Numbers = { readonly direction: 1 | -1; readonly isWhole: boolean }

function beyond(bound: number, { direction, isWhole }: Numbers): number {
  if (!isWhole) return nextNumber(bound, direction)
  return direction === 1 ? Math.floor(bound) + 1 : Math.ceil(bound) - 1
}

export const range = (min: number | undefined, max: number | undefined) => ({
  ...(min !== undefined && { min }),
  ...(max !== undefined && { max }),
})

export const sizes = (node: Node, least: string, most: string) =>
  range(sizeOf(node[least]) || undefined, sizeOf(node[most]))

const sizeOf = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined)

export function defaultOf(node: Node, shape: Shape): string | number | boolean | undefined {
  const value = node['default']
  switch (shape.kind) {
    case 'string':
      return typeof value === 'string' ? value : undefined
    case 'enum':
      return typeof value === 'string' && shape.values.includes(value) ? value : undefined
    case 'integer':
      return typeof value === 'number' && Number.isSafeInteger(value) ? value : undefined
    case 'number':
      return typeof value === 'number' ? value : undefined
    case 'boolean':
      return typeof value === 'boolean' ? value : undefined
    default:
      return undefined
  }
}

export function unsaid(node: Node, about: string, notes: Notes): void {
  const names = ['multipleOf', 'uniqueItems', 'minProperties', 'maxProperties', 'not', 'contains']
  const found = names.filter((name) => node[name] !== undefined && node[name] !== false)
  if (found.length > 0)
    notes.add(`${about}: ${found.join(', ')} ${found.length === 1 ? 'is' : 'are'} not enforced.`)
}
