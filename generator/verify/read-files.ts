import type { ProjectFile } from '../ports.ts'
import { gateCode } from './gate-code.ts'
import { secretShapes } from './gate-secrets.ts'
import type { Diagnostic, GateResult } from './outcome.ts'

type Timed<T> = { readonly found: T; readonly ms: number }

/**
 * What reads every file of a project: models and documents decide what is in them, so this runs where computing has a
 * limit. Times in milliseconds.
 */
export function readFiles(files: readonly ProjectFile[]): {
  readonly secrets: Timed<Diagnostic[]>
  readonly code: Timed<GateResult>
} {
  return { secrets: timed(() => secretShapes(files)), code: timed(() => gateCode(files)) }
}

function timed<T>(work: () => T): Timed<T> {
  const started = performance.now()
  const found = work()
  return { found, ms: performance.now() - started }
}
