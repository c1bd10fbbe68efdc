import { posix } from 'node:path'
import type { ProjectFile } from '../ports.ts'
import { vacuousTests } from '../code-check/vacuous-tests.ts'
import { findViolations, type ImportProblem } from '../code-check/rules.ts'
import { readSource, type CodeViolation } from '../code-check/source.ts'
import { failed, passed, plural, type Diagnostic, type GateResult } from './outcome.ts'

/** Where a model may write. */
const WRITTEN = /^src\/[\w./-]+\.ts$/
/** What several of those files share; none there imports another one. */
const SHARED = /^src\/shared\/[\w-]+\.ts$/
const TEST = /\.test\.ts$/

/**
 * Checks all model-written files, from this version or an earlier one, and every test of the project. A model's file may
 * use only what its operation may use, and import only modules of this project. Every test must assert something.
 */
export function gateCode(files: readonly ProjectFile[]): GateResult {
  const written = files.filter(({ origin }) => origin === 'model')
  const tests = files.filter(({ path }) => TEST.test(path))
  const ours = new Set(files.filter(({ origin }) => origin !== 'model').map(({ path }) => path))
  const shared = new Set(written.filter(({ path }) => SHARED.test(path)).map(({ path }) => path))
  const importable = (path: string) => (SHARED.test(path) ? ours : new Set([...ours, ...shared]))
  const problems = [
    ...written.flatMap((file) => diagnose(file, faultsOfWritten(file, importable(file.path)))),
    ...tests.flatMap((file) => diagnose(file, faultsOfTest(file))),
  ]
  if (problems.length > 0)
    return failed('code', `${plural(problems.length, 'fault')} in what was written`, problems)
  const checked = plural(tests.length, 'test file')
  return passed(
    written.length === 0
      ? `no file that a model wrote, ${checked} that assert something`
      : `${plural(written.length, 'file')} that a model wrote keep to their operations, ${checked} assert something`,
  )
}

function faultsOfWritten({ path, content }: ProjectFile, importable: ReadonlySet<string>): CodeViolation[] {
  if (!WRITTEN.test(path))
    return [{ line: null, message: 'is no place for what a model wrote; expected a module below src' }]
  const source = readSource(content)
  if ('message' in source) return [source]
  const importProblem: ImportProblem = (specifier) => {
    if (specifier === 'node:crypto') return null
    const target = posix.normalize(posix.join(posix.dirname(path), specifier))
    return specifier.startsWith('.') && target.startsWith('src/') && importable.has(target)
      ? null
      : 'only modules of the project that no model wrote, shared helpers, and node:crypto, may be'
  }
  return findViolations(source, importProblem)
}

function faultsOfTest({ content }: ProjectFile): CodeViolation[] {
  const source = readSource(content)
  return 'message' in source ? [source] : vacuousTests(source)
}

const diagnose = ({ path }: ProjectFile, faults: readonly CodeViolation[]): Diagnostic[] =>
  faults.map(({ line, message }) => ({ gate: 'code', file: path, line, message }))
