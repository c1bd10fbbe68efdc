/** Collects what a module imports while its code is written, so that it imports exactly what it uses. */
export function makeImports() {
  const modules = new Map<string, Map<string, 'value' | 'type'>>()
  const defaults = new Map<string, string>()

  function add(from: string, name: string, kind: 'value' | 'type'): string {
    for (const [other, names] of modules) {
      if (other !== from && names.has(name))
        throw new Error(`${name} is imported from ${other} and from ${from}`)
    }
    const names = modules.get(from) ?? new Map<string, 'value' | 'type'>()
    modules.set(from, names)
    if (names.get(name) !== 'value') names.set(name, kind)
    return name
  }

  return {
    /** Imports a value and returns its name. */
    value: (from: string, name: string): string => add(from, name, 'value'),
    /** Imports a type and returns its name. */
    type: (from: string, name: string): string => add(from, name, 'type'),
    default(from: string, name: string): string {
      defaults.set(from, name)
      return name
    },
    /** The import declarations: Node's modules, packages, then this project's, each in alphabetical order. */
    render(): string {
      const sources = [...new Set([...modules.keys(), ...defaults.keys()])].sort(bySource)
      return sources.map((from) => declaration(from, defaults.get(from), modules.get(from))).join('\n')
    },
  }
}
export type Imports = ReturnType<typeof makeImports>

function declaration(
  from: string,
  byDefault: string | undefined,
  names = new Map<string, 'value' | 'type'>(),
): string {
  const sorted = [...names].sort(([a], [b]) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1))
  const typesOnly = byDefault === undefined && sorted.every(([, kind]) => kind === 'type')
  const list = sorted.map(([name, kind]) => (kind === 'type' && !typesOnly ? `type ${name}` : name))
  const named = list.length > 0 ? [`{ ${list.join(', ')} }`] : []
  const what = [...(byDefault === undefined ? [] : [byDefault]), ...named].join(', ')
  return `import ${typesOnly ? 'type ' : ''}${what} from '${from}';`
}

function bySource(a: string, b: string): number {
  const rank = (from: string) =>
    from.startsWith('node:') ? 0 : from.startsWith('../') ? 2 : from.startsWith('.') ? 3 : 1
  return rank(a) - rank(b) || (a < b ? -1 : 1)
}
