/**
 * Keeps the parts of a kit file that a project uses. A kit file is real code in which lines such as
 * `// @if auth`, `// @else`, `// @end` fence what only some projects need, and `// @insert routes`
 * marks where a list of this project goes. Regions nest; an unknown insert or an open region is an error.
 */
export function applyRegions(
  source: string,
  features: ReadonlySet<string>,
  inserts: Readonly<Record<string, string>>,
): string {
  const kept: string[] = []
  const open: boolean[] = []
  for (const line of source.split('\n')) {
    const [, directive, argument = ''] =
      /^\s*(?:\/\/|#|--|<!--)\s*@(if|else|end|insert)\b ?([a-zA-Z-]*)/.exec(line) ?? []
    if (directive === 'if') open.push(features.has(argument))
    else if (directive === 'else') open.push(!pop(open))
    else if (directive === 'end') pop(open)
    else if (open.includes(false)) continue
    else if (directive === 'insert') kept.push(insertOf(argument, inserts))
    else kept.push(line)
  }
  if (open.length > 0) throw new Error('a region of a kit file is not closed')
  return kept.join('\n')
}

function pop(open: boolean[]): boolean {
  const last = open.pop()
  if (last === undefined) throw new Error('a region of a kit file ends before it starts')
  return last
}

function insertOf(name: string, inserts: Readonly<Record<string, string>>): string {
  const text = inserts[name]
  if (text === undefined) throw new Error(`a kit file asks for the unknown insert ${name}`)
  return text
}
