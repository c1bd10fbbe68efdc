import type { Changes } from '#contract'

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
