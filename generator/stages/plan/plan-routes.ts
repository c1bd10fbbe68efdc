import type { Blueprint, Plan } from '#contract'
import { plainRoutesOf } from '../../blueprint/routes-of.ts'

type Resources = Plan['routes']

/** The routes of a plan, by the entity or the part of the service that they belong to. */
export function planRoutes(blueprint: Blueprint): Resources {
  const resources = new Map<string, Resources[number]['routes']>()
  const add = (resource: string, route: Resources[number]['routes'][number]) =>
    resources.set(resource, [...(resources.get(resource) ?? []), route])
  // The longest path wins: `/shop/orders` is not a route of `/shop`.
  const byPath = blueprint.entities.toSorted((a, b) => b.path.length - a.path.length)
  const entityOf = (path: string) =>
    byPath.find((entity) => path === entity.path || path.startsWith(`${entity.path}/`))?.name
  for (const { method, path } of plainRoutesOf(blueprint))
    add(entityOf(path) ?? firstSegment(path), { method, path, summary: null })
  for (const { method, path: written, summary, entity } of blueprint.operations) {
    const path = written.replaceAll('::', ':')
    add(entity ?? entityOf(path) ?? firstSegment(path), { method, path, summary })
  }
  return [...resources].map(([resource, routes]) => ({ resource, routes }))
}

const firstSegment = (path: string): string => path.split('/')[1] || '/'
