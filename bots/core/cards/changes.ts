import type { Changes } from '#contract'
import { count } from './phrases.ts'

/** The same in a sentence, by name: “Added Supplier and 2 routes. Removed Product.description.” Empty without changes. */
export function changesText({ entities, fields, routes, other }: Changes): string {
  const named = (kind: 'added' | 'changed' | 'removed') => [
    ...[...entities[kind], ...fields[kind]].map((line) => line.split(/[: (]/, 1)[0]!),
    ...(routes[kind].length === 0 ? [] : [count(routes[kind].length, 'route')]),
  ]
  const sentence = (verb: string, names: readonly string[]) =>
    names.length === 0 ? [] : [`${verb} ${names.join(', ')}.`]
  return [
    ...sentence('Added', named('added')),
    ...sentence('Changed', named('changed')),
    ...sentence('Removed', named('removed')),
    ...other.map((line) => `${line}.`),
  ].join(' ')
}

/** Changes since the previous version, one per line. */
export function changedLines({
  entities,
  fields,
  routes,
  other,
  filled,
  conditions,
  migrations,
}: Changes): string[] {
  const lines = (kind: 'added' | 'changed' | 'removed', sign: string) =>
    [...entities[kind], ...fields[kind], ...routes[kind]].map((line) => `${sign} ${line}`)
  return [
    ...lines('added', '+'),
    ...lines('changed', '~'),
    ...other.map((line) => `~ ${line}`),
    ...lines('removed', '−'),
    ...filled.map((line) => `Existing rows: ${line}`),
    ...conditions.map((line) => `The migration stops unless ${line}`),
    ...migrations.map((path) => `Migration: ${path}`),
  ]
}
