import type { ProjectFile } from '../ports.ts'
import { checkPaths } from '../codegen/project-paths.ts'
import { failed, passed, plural, readableText, type GateResult } from './outcome.ts'

export function gatePaths(files: readonly ProjectFile[]): GateResult {
  const problems = checkPaths(files)
  if (problems.length === 0) {
    const bytes = files.reduce((sum, file) => sum + Buffer.byteLength(file.content), 0)
    return passed(`${plural(files.length, 'file')}, ${Math.ceil(bytes / 1000)} kB`)
  }
  return failed(
    'paths',
    `${plural(problems.length, 'path')} cannot be used`,
    problems.map(({ path, message }) => ({
      gate: 'paths',
      file: path === '' ? null : readableText(path, 200),
      line: null,
      message: readableText(path === '' ? message : `${JSON.stringify(path)} ${message}`),
    })),
  )
}
