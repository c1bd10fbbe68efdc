import { readdirSync, readFileSync } from 'node:fs'
import * as nodeModule from 'node:module'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import type { ProjectFile } from '../ports.ts'

const FOLDER = fileURLToPath(new URL('./inside/', import.meta.url))

let files: readonly ProjectFile[] | null = null

/**
 * What runs inside a sandbox beside a project, as JavaScript: a process that loads no TypeScript starts in half the time.
 * Node replaces the types by blanks, so that lines stay where they are.
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
  return withoutTypes(source).replaceAll(/((?:from |import\() ?['"]\.\/[\w-]+)\.mts(?=['"])/g, '$1.mjs')
}

/** Bun has no `stripTypeScriptTypes`, but a transpiler of its own. */
type Bun = {
  readonly Transpiler: new (options: { loader: 'ts' }) => { transformSync(source: string): string }
}

function withoutTypes(source: string): string {
  const { Bun: bun } = globalThis as { Bun?: Bun }
  if (bun !== undefined) {
    return new bun.Transpiler({ loader: 'ts' }).transformSync(source)
  }
  const { emitWarning } = process
  // Node warns that this may change; a test and the pinned Node see to that.
  process.emitWarning = () => {}
  try {
    return nodeModule.stripTypeScriptTypes(source)
  } finally {
    process.emitWarning = emitWarning
  }
}
