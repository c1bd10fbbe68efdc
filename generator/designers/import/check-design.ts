import { Blueprint } from '#contract'
import { lintBlueprint } from '../../blueprint/lint-blueprint.ts'
import type { ImportResult } from './import-result.ts'
import { SpecError, type SourcePosition } from './spec-error.ts'

const MAX_SAID = 3

/** Throws a `SpecError` with the lines of what no backend can be built with. */
export function checkDesign({ blueprint, placeOf }: ImportResult): void {
  const faults = faultsOf(blueprint)
  const [first] = faults
  if (!first) return
  const place = placeOf?.(first.path)
  const said = faults.slice(0, MAX_SAID).map(({ path, what }, index) => {
    const at = index === 0 ? undefined : placeOf?.(path)
    return `${at ? `Line ${at.line}: ` : ''}${what}`
  })
  const more = faults.length > MAX_SAID ? ` There are ${faults.length - MAX_SAID} more faults.` : ''
  throw new SpecError(`No backend can be built with this: ${said.join(' ')}${more}`, {
    code: 'design_invalid',
    place,
    hint: `${first.fix ?? 'Change it there.'} Then send the document again.`,
  })
}

type Fault = { readonly path: string; readonly what: string; readonly fix?: string }

function faultsOf(blueprint: Blueprint): Fault[] {
  const { error } = Blueprint.safeParse(blueprint)
  if (error) {
    return error.issues.map(({ path, message }) => {
      const named = path.map((part, index) => nameAt(blueprint, path.slice(0, index + 1)) ?? String(part))
      return { path: named.join('.'), what: `${named.join(' › ')}: ${message}.` }
    })
  }
  return lintBlueprint(blueprint).diagnostics.filter(({ severity }) => severity === 'error')
}

/** The name of a member of a list: paths of the linter have names instead of numbers. */
function nameAt(blueprint: Blueprint, path: readonly PropertyKey[]): string | undefined {
  let found: unknown = blueprint
  for (const part of path)
    found = typeof found === 'object' && found !== null ? (Reflect.get(found, part) as unknown) : undefined
  const { name, id } = (typeof found === 'object' && found !== null ? found : {}) as {
    name?: unknown
    id?: unknown
  }
  if (typeof path.at(-1) !== 'number') return undefined
  return typeof name === 'string' ? name : typeof id === 'string' ? id : undefined
}

/** Where a table and its column stand in SQL definitions, by the words. */
export function placeInSql(
  sql: string,
  table: string,
  column: string | undefined,
): SourcePosition | undefined {
  const lines = sql.split('\n')
  const hasWord = (line: string, word: string) =>
    line
      .toLowerCase()
      .split(/[^\p{L}\p{N}_$]+/u)
      .includes(word.toLowerCase())
  const start = lines.findIndex((line) => /\btable\b/i.test(line) && hasWord(line, table))
  if (start === -1) return undefined
  const own = column === undefined ? -1 : lines.findIndex((line, at) => at >= start && hasWord(line, column))
  const at = own === -1 ? start : own
  const text = lines[at]!
  return { line: at + 1, column: text.length - text.trimStart().length + 1 }
}
