import { relative } from 'node:path'
import type { RunResult } from '../sandbox/ports.ts'
import { failed, oneLine, passed, plural, skipped, type Diagnostic, type GateResult } from './outcome.ts'

const LOCATED = /^(.+?)\((\d+),\d+\): error (TS\d+): (.*)$/
const UNLOCATED = /^error (TS\d+): (.*)$/

/** `--singleThreaded` leaves the second core to the runner and is faster on two. */
export const tscArguments = (tsc: string, tsconfig: string): [string, ...string[]] => [
  tsc,
  '--project',
  tsconfig,
  '--noEmit',
  '--singleThreaded',
  '--pretty',
  'false',
]

/** Parses the output of `tsc --pretty false`. Indented lines continue the error above them. */
export function parseTypeErrors(output: string, project: string): Diagnostic[] {
  const found: { gate: string; file: string | null; line: number | null; message: string }[] = []
  for (const line of output.split(/\r?\n/)) {
    const located = LOCATED.exec(line)
    const unlocated = located ? null : UNLOCATED.exec(line)
    if (located) {
      const [, path, at, code, message] = located
      found.push({
        gate: 'types',
        file: withinProject(path!, project),
        line: Number(at),
        message: `${code}: ${message}`,
      })
    } else if (unlocated) {
      found.push({ gate: 'types', file: null, line: null, message: `${unlocated[1]}: ${unlocated[2]}` })
    } else if (/^\s+\S/.test(line) && found.length > 0) {
      found.at(-1)!.message += ` ${line.trim()}`
    }
  }
  for (const diagnostic of found) diagnostic.message = oneLine(diagnostic.message, 1000)
  return found
}

const withinProject = (path: string, project: string): string =>
  path.startsWith(project) ? relative(project, path) : path

export function gateTypes(
  result: RunResult,
  context: { project: string; files: number; wallMs: number },
): GateResult {
  const { ending } = result
  const output = `${result.stdout}\n${result.stderr}`
  switch (ending.kind) {
    case 'exited': {
      if (ending.code === 0) return passed(`${plural(context.files, 'TypeScript file')} without a type error`)
      const errors = parseTypeErrors(output, context.project)
      return errors.length > 0
        ? failed('types', plural(errors.length, 'type error'), errors)
        : failed(
            'types',
            `the type-check ended with code ${ending.code}: ${oneLine(output) || 'it said nothing'}`,
          )
    }
    case 'signalled':
      return failed(
        'types',
        `the type-check was ended by ${ending.signal}, most likely for its use of memory`,
      )
    case 'timeout':
      return {
        ...failed(
          'types',
          `the type-check of ${plural(context.files, 'file')} took longer than ${context.wallMs / 1000} s`,
        ),
        timedOut: true,
      }
    case 'aborted':
      return skipped('the job was stopped')
    case 'flooded':
      return failed('types', 'the type-check wrote too much')
    case 'memory':
      return failed('types', 'the type-check took more memory than a run may have')
    case 'unstartable':
      return failed('types', `the type-check could not be started: ${ending.reason}`)
  }
}
