import { readdirSync, readFileSync } from 'node:fs'
import * as nodeModule from 'node:module'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import type { ProjectFile } from '../ports.ts'

const FOLDER = fileURLToPath(new URL('./inside/', import.meta.url))

let files: readonly ProjectFile[] | null = null

/**
 * The programs that run beside a project inside a sandbox, as JavaScript: a process that loads no TypeScript starts in half
 * the time. Node replaces types by spaces, so line numbers stay the same.
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
  // Node warns that this API may change; the pinned Node version and a test guard against that.
  process.emitWarning = () => {}
  try {
    return nodeModule.stripTypeScriptTypes(source)
  } finally {
    process.emitWarning = emitWarning
  }
}
