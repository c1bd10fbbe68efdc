import { neverSucceeds } from '../../code-check/never-succeeds.ts'
import { findViolations } from '../../code-check/rules.ts'
import { readSource, type CodeViolation, type Source } from '../../code-check/source.ts'
import { MAX_CODE } from './clean-code.ts'

/** Characters that a reader does not see: control characters, bidirectional marks and zero-width characters. */
const UNSEEN = /[^\P{C}\n\t]|[\u2028\u2029\u3164\u115f\u1160\uffa0]/u

/** All violations of a handler: syntax, size, exports, imports, and use of anything that is not allowed. */
export function checkHandler(
  code: string,
  expected: {
    readonly functionName: string
    readonly imports: readonly string[]
    /** Whether someone waits for an answer. One that always throws has none; a task that does fails its test. */
    readonly isOperation?: boolean
    /** Whether others import it: then it may also export types. */
    readonly isShared?: boolean
  },
): CodeViolation[] {
  if (code.length > MAX_CODE)
    return [
      { line: null, message: `the file has ${code.length} characters; at most ${MAX_CODE} are allowed` },
    ]
  const unseen = UNSEEN.exec(code)
  if (unseen !== null)
    return [
      {
        line: code.slice(0, unseen.index).split('\n').length,
        message: 'holds a character that is not seen; write it as an escape, such as \\u200b',
      },
    ]
  const source = readSource(code)
  if ('message' in source) return [source]
  const allowed = `allowed are ${expected.imports.join(', ')}`
  return [
    ...exportFaults(source, expected.functionName, expected.isShared === true),
    ...findViolations(source, (specifier) => (expected.imports.includes(specifier) ? null : allowed)),
    ...(expected.isOperation && neverSucceeds(source, expected.functionName) ? [NEVER_SUCCEEDS] : []),
  ]
}

const NEVER_SUCCEEDS: CodeViolation = {
  line: null,
  message:
    'the function always throws, so the operation can never succeed; if it cannot be written, leave code empty and say why in cannot',
}

function exportFaults({ program, lineOf }: Source, name: string, isShared: boolean): CodeViolation[] {
  const exports = program.body.filter(
    (one) => /^(Export|TSExport)/.test(one.type) && !(isShared && isTypeExport(one)),
  )
  const isRight = (one: (typeof exports)[number]) =>
    one.type === 'ExportNamedDeclaration' &&
    one.declaration?.type === 'FunctionDeclaration' &&
    one.declaration.id?.name === name &&
    !one.declaration.generator
  if (exports.length === 1 && isRight(exports[0]!)) return []
  const wrong = exports.find((one) => !isRight(one))
  return [
    {
      line: wrong === undefined ? null : lineOf(wrong),
      message: `the file must export exactly one ${isShared ? 'function, and besides it only types' : 'thing'}: "export function ${name}(" or "export async function ${name}("`,
    },
  ]
}

const isTypeExport = (one: Source['program']['body'][number]): boolean =>
  one.type === 'ExportNamedDeclaration' &&
  (one.declaration?.type === 'TSTypeAliasDeclaration' || one.declaration?.type === 'TSInterfaceDeclaration')
