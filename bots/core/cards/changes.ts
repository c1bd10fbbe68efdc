import type { Changes } from '#contract'

/** What is different from the version before, a line each. */
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
    ...filled.map((line) => `Rows that exist: ${line}`),
    ...conditions.map((line) => `The migration stops unless ${line}`),
    ...migrations.map((path) => `Migration: ${path}`),
  ]
}
