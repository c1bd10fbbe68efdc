import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A prompt in prose, and how it must end. */
export type Prose = {
  readonly name: string
  readonly prompt: string
  /** Each table with fields that it must have; null if the prompt must be refused. */
  readonly tables: ReadonlyMap<string, readonly string[]> | null
}

/** The prompts of `prose/`: a line `expect: Book(title, isbn), Author` or `expect: refused`, an empty line, the prompt. */
export function readCorpus(): Prose[] {
  const folder = join(import.meta.dirname, 'prose')
  return readdirSync(folder)
    .toSorted()
    .map((file) => {
      const text = readFileSync(join(folder, file), 'utf8')
      const cut = text.indexOf('\n\n')
      return {
        name: file.replace('.txt', ''),
        prompt: text.slice(cut + 2),
        tables: tablesOf(text.slice(0, cut)),
      }
    })
}

function tablesOf(line: string): Prose['tables'] {
  const expected = line.replace(/^expect: /, '')
  if (expected === 'refused') return null
  return new Map(
    [...expected.matchAll(/(\w+)(?:\(([^)]*)\))?/g)].map(([, name, fields]) => [
      name!,
      fields === undefined ? [] : fields.split(', '),
    ]),
  )
}
