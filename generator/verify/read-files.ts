import type { ProjectFile } from '../ports.ts'
import { gateCode } from './gate-code.ts'
import { secretShapes } from './gate-secrets.ts'
import type { Diagnostic, GateResult } from './outcome.ts'

type Timed<T> = { readonly found: T; readonly ms: number }

/**
 * The gates that read every file of a project. Models and documents determine the content, so they run in the compute
 * pool, with its limits. Times in milliseconds.
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
