import { readdirSync, readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import type { ProjectFile } from '../../ports.ts'

const FOLDER = fileURLToPath(new URL('./inside/', import.meta.url))

let files: readonly ProjectFile[] | null = null

/**
 * What runs inside a sandbox beside a project, as JavaScript: a process that loads no TypeScript starts in half the time.
 * The types are replaced by blanks, so that lines stay where they are.
 */
export function insideFiles(): readonly ProjectFile[] {
  return (files ??= readdirSync(FOLDER)
    .filter((name) => /(?<!\.test)\.m[jt]s$/.test(name))
    .map((name) => {
      const source = readFileSync(`${FOLDER}${name}`, 'utf8')
      return {
        path: name.replace('.mts', '.mjs'),
        content: name.endsWith('.mts') ? toJavaScript(source) : source,
        origin: 'kit',
      }
    }))
}

function toJavaScript(source: string): string {
  const { emitWarning } = process
  // Node warns that this may change; a test and the pinned Node see to that.
  process.emitWarning = () => {}
  try {
    return stripTypeScriptTypes(source).replaceAll(/((?:from |import\()'\.\/[\w-]+)\.mts'/g, "$1.mjs'")
  } finally {
    process.emitWarning = emitWarning
  }
}
