/** The words of a machine name: `ISBN13Code` → `isbn13`, `code`. Joined, they are the name in lower case. */
export function wordsOf(name: string): string[] {
  const words = name.match(/[A-Z]{2,}s(?![a-z])|[A-Z]+[0-9]*(?![a-z])|[A-Z]?[a-z0-9]+|[0-9]+/g) ?? []
  return words.map((word) => word.toLowerCase())
}

export const kebabCase = (name: string): string => wordsOf(name).join('-')
export const snakeCase = (name: string): string => wordsOf(name).join('_')

export function camelCase(name: string): string {
  const [first = '', ...rest] = wordsOf(name)
  return first + rest.map(capitalise).join('')
}

export function capitalise(text: string): string {
  const [first = ''] = text
  return first.toUpperCase() + text.slice(first.length)
}

/**
 * Reserves unique names in one namespace: the preferred name, or that name with a number.
 * `same` decides which names count as equal, for namespaces that ignore case.
 */
export function makeNamespace(reserved: Iterable<string> = [], same = (name: string): string => name) {
  const taken = new Set([...reserved].map(same))
  return {
    isFree: (name: string): boolean => !taken.has(same(name)),
    reserve(...names: string[]): void {
      for (const name of names) taken.add(same(name))
    },
    take(wish: string, join = ''): string {
      let name = wish
      for (let number = 2; taken.has(same(name)); number++) name = `${wish}${join}${number}`
      taken.add(same(name))
      return name
    },
  }
}
export type Namespace = ReturnType<typeof makeNamespace>
