import type { Blueprint, Entity } from '#contract'
import { toKebab } from '../words.ts'
import type { Report } from './diagnostic.ts'

/** Every route is unambiguous: unique collection paths, none that the server reserves. */
const RESERVED = ['/health', '/ready', '/docs', '/openapi.json', '/auth']

export function lintPaths(blueprint: Blueprint, report: Report): void {
  for (const entity of blueprint.entities) {
    const fault = faultOf(entity, blueprint.entities)
    if (fault === null) continue
    const free = freePath(entity, blueprint)
    if (free === null) {
      report.error({ ...fault, fix: `Give ${entity.name} another path.` })
      continue
    }
    entity.path = free
    report.fixed({ ...fault, fix: `Changed the path of ${entity.name} to ${free}.` })
  }
}

type PathProblem = { code: string; path: string; what: string; why: string }

function faultOf(entity: Entity, entities: readonly Entity[]): PathProblem | null {
  const at = `entities.${entity.name}.path`
  const path = entity.path.toLowerCase()
  const reserved = RESERVED.find((own) => path === own || path.startsWith(`${own}/`))
  if (reserved !== undefined) {
    return {
      code: 'path.reserved',
      path: at,
      what: `The path ${entity.path} of ${entity.name} is reserved by the server.`,
      why: `${reserved} has a fixed meaning in every generated backend.`,
    }
  }
  for (const other of entities) {
    if (other === entity) continue
    const before = entities.indexOf(other) < entities.indexOf(entity)
    if (before && other.path.toLowerCase() === path) {
      return {
        code: 'path.duplicate',
        path: at,
        what: `${other.name} and ${entity.name} have the same path ${entity.path}.`,
        why: 'A request would be ambiguous.',
      }
    }
    if (path.startsWith(`${other.path.toLowerCase()}/`) && !path.slice(other.path.length + 1).includes('/')) {
      return {
        code: 'path.shadows-id',
        path: at,
        what: `The path ${entity.path} of ${entity.name} collides with ${other.path}/:id of ${other.name}.`,
        why: `A request to ${entity.path} could mean the collection or one ${other.name}.`,
      }
    }
  }
  return null
}

function isClear(entity: Entity, path: string, others: readonly Entity[]): boolean {
  const moved = { ...entity, path }
  return faultOf(moved, [...others, moved]) === null
}

/** The path from the plural, or a longer one; null if all are taken. */
function freePath(entity: Entity, blueprint: Blueprint): string | null {
  const plural = toKebab(entity.plural) ?? 'items'
  const name = toKebab(entity.name) ?? 'item'
  const wishes = [
    `/${plural}`,
    `/${entity.path.slice(1).replaceAll('/', '-')}`,
    `/${name}-list`,
    `/${name}-records`,
    ...[2, 3, 4, 5, 6, 7, 8, 9].map((number) => `/${name}-list-${number}`),
  ]
  const others = blueprint.entities.filter((other) => other !== entity)
  const isFree = (path: string) =>
    isClear(entity, path, others) &&
    others.every(
      (other) =>
        other.path.toLowerCase() !== path.toLowerCase() &&
        !(
          other.path.toLowerCase().startsWith(`${path.toLowerCase()}/`) &&
          !other.path.slice(path.length + 1).includes('/')
        ),
    )
  return (
    wishes.find(
      (path) => /^(\/[a-zA-Z0-9][a-zA-Z0-9._~-]*)+$/.test(path) && path.length <= 200 && isFree(path),
    ) ?? null
  )
}
