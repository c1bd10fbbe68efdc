import { z } from 'zod'

const Dependencies = z.record(z.string(), z.string()).optional()

const LockedPackage = z.looseObject({
  dependencies: Dependencies,
  devDependencies: Dependencies,
  optionalDependencies: Dependencies,
  peerDependencies: Dependencies,
  peerDependenciesMeta: z.record(z.string(), z.looseObject({ optional: z.boolean().optional() })).optional(),
})
type LockedPackage = z.infer<typeof LockedPackage>

const Lockfile = z.looseObject({
  lockfileVersion: z.literal(3),
  packages: z.record(z.string(), LockedPackage),
})
export type Lockfile = z.infer<typeof Lockfile>

export const parseLockfile = (text: string): Lockfile => Lockfile.parse(JSON.parse(text))

export type RootPackage = {
  name: string
  version: string
  engines: Record<string, string>
  dependencies: Record<string, string>
  devDependencies: Record<string, string>
}

type Reach = { dev: boolean; optional: boolean; peer: boolean }

/**
 * The lockfile of a project that uses some of the kit's packages: what the root reaches, at the versions
 * and places of the kit's lockfile, so that `npm ci` accepts it. The flags `dev`, `optional`, `devOptional` and
 * `peer` are recalculated. Throws if the kit's lockfile lacks a reachable package.
 */
export function pruneLockfile(lockfile: Lockfile, root: RootPackage): Record<string, unknown> {
  const reached = new Map<string, Reach>()
  walk(lockfile, '', rootEdges(root), reached)
  const packages: Record<string, unknown> = { '': rootEntry(root) }
  for (const path of [...reached.keys()].sort()) {
    const {
      dev: _dev,
      optional: _optional,
      devOptional: _devOptional,
      peer: _peer,
      ...entry
    } = lockfile.packages[path] ?? {}
    packages[path] = { ...entry, ...flags(reached.get(path)) }
  }
  return { name: root.name, version: root.version, lockfileVersion: 3, requires: true, packages }
}

function rootEntry({ name, version, engines, dependencies, devDependencies }: RootPackage) {
  return { name, version, dependencies, devDependencies, engines }
}

type Edge = Reach & { name: string; mayBeMissing: boolean }

function rootEdges({ dependencies, devDependencies }: RootPackage): Edge[] {
  const edge = (dev: boolean) => (name: string) => ({
    name,
    dev,
    optional: false,
    peer: false,
    mayBeMissing: false,
  })
  return [...Object.keys(dependencies).map(edge(false)), ...Object.keys(devDependencies).map(edge(true))]
}

function edgesOf(found: LockedPackage): Edge[] {
  const edges = (names: Record<string, string> | undefined, traits: Omit<Edge, 'name' | 'dev'>): Edge[] =>
    Object.keys(names ?? {}).map((name) => ({
      name,
      dev: false,
      optional: traits.optional,
      peer: traits.peer,
      mayBeMissing: traits.mayBeMissing,
    }))
  const optionalNames = found.optionalDependencies ?? {}
  const required = Object.fromEntries(
    Object.entries(found.dependencies ?? {}).filter(([name]) => !(name in optionalNames)),
  )
  return [
    ...edges(required, { optional: false, peer: false, mayBeMissing: false }),
    ...edges(optionalNames, { optional: true, peer: false, mayBeMissing: true }),
    ...Object.keys(found.peerDependencies ?? {}).map((name) => {
      const optional = found.peerDependenciesMeta?.[name]?.optional === true
      return { name, dev: false, optional, peer: true, mayBeMissing: optional }
    }),
  ]
}

// A flag stays only if every path to a package has it, so a package is visited again when one is lost.
function walk({ packages }: Lockfile, root: string, rootsEdges: Edge[], reached: Map<string, Reach>): void {
  const queue = rootsEdges.map((edge) => ({
    edge,
    from: root,
    reach: { dev: edge.dev, optional: edge.optional, peer: edge.peer },
  }))
  for (let next = queue.shift(); next; next = queue.shift()) {
    const { edge, from, reach } = next
    const path = resolve(packages, from, edge.name)
    if (path === undefined) {
      if (edge.mayBeMissing) continue
      throw new Error(`the kit's lockfile lacks ${edge.name}, which ${from || 'the project'} needs`)
    }
    // An optional peer is used if present, but never added.
    if (edge.peer && edge.mayBeMissing) continue
    const before = reached.get(path)
    const now = before
      ? {
          dev: before.dev && reach.dev,
          optional: before.optional && reach.optional,
          peer: before.peer && reach.peer,
        }
      : reach
    if (before && before.dev === now.dev && before.optional === now.optional && before.peer === now.peer)
      continue
    reached.set(path, now)
    for (const following of edgesOf(packages[path] ?? {})) {
      queue.push({
        edge: following,
        from: path,
        reach: {
          dev: now.dev,
          optional: now.optional || following.optional,
          peer: now.peer || following.peer,
        },
      })
    }
  }
}

/** Node's resolution: the nearest `node_modules` upwards. */
function resolve(packages: Lockfile['packages'], from: string, name: string): string | undefined {
  let folder = from
  while (folder !== '') {
    const path = `${folder}/node_modules/${name}`
    if (path in packages) return path
    folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))
  }
  const path = `node_modules/${name}`
  return path in packages ? path : undefined
}

function flags(reach: Reach | undefined) {
  if (!reach) return {}
  return {
    ...(reach.dev && { dev: true }),
    ...(reach.optional && { optional: true }),
    ...(reach.peer && { peer: true }),
  }
}
