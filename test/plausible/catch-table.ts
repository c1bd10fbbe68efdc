import { table } from '../../bench/figures.ts'
import { isOfCode } from './plausible-project.ts'
import type { Played } from './play.ts'

/** What is not as it should be; null where all is. */
export function problemOf({ mistake, view, noticed, isRepaired, lost }: Played): string | null {
  if (view.state !== 'completed') return `is ${view.state}: ${view.error?.message}`
  const { gaps, verification } = view.report!
  if (lost.length > 0) return `lost ${lost.join(', ')}`
  if (gaps.length > 0) return `has the gaps ${JSON.stringify(gaps)}`
  if (!verification.passed) return `did not pass ${JSON.stringify(verification.diagnostics)}`
  const expected = isOfCode(mistake) ? mistake.by : 'tests'
  if ((noticed?.by ?? null) !== expected)
    return `was noticed by ${JSON.stringify(noticed)}, not by ${expected}`
  return isRepaired === (expected !== null) ? null : `is ${isRepaired ? '' : 'not '}repaired`
}

type Row = readonly string[]
const HEAD: Row = ['mistake', 'in', 'noticed by', 'the test, or the error', 'repaired', 'others kept']

function rowOf({ project, mistake, noticed, isRepaired, others, lost }: Played): Row {
  const what = noticed?.what ?? (isOfCode(mistake) ? (mistake.why ?? '') : '')
  return [
    mistake.name,
    `${project.blueprint.name}, ${mistake.in}`,
    noticed?.by ?? 'nothing',
    what.length > 100 ? `${what.slice(0, 99)}…` : what,
    noticed !== null && isRepaired ? 'yes' : 'no',
    `${others - lost.length} of ${others}`,
  ]
}

/** The table for a terminal. */
export const catchTable = (played: readonly Played[]): string => table([HEAD, ...played.map(rowOf)])

/** The table in Markdown. */
export function catchMarkdown(played: readonly Played[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('<', '&lt;')).join(' | ')} |`
  return [line(HEAD), line(HEAD.map(() => '---')), ...played.map((one) => line(rowOf(one)))].join('\n')
}
