import { table } from '../../bench/figures.ts'
import type { ObservedOutcome } from './run-faults.ts'

type Row = readonly [fault: string, over: string, end: string, why: string, calls: string, time: string]

const HEAD: Row = ['fault', 'adapter', 'the job', 'code, or gaps', 'calls', 'time']

const rowOf = ({ fault, over, view, calls, seconds }: ObservedOutcome): Row => {
  const gaps = view.report?.gaps ?? []
  const why =
    view.error !== null
      ? view.error.code
      : gaps.length === 0
        ? 'no gap'
        : gaps.map(({ reason }) => `gap: ${reason.split('\n')[0]!.slice(0, 110)}`).join('; ')
  return [fault.name, over, view.state, why, String(calls), `${seconds.toFixed(1)} s`]
}

/** The table for a terminal. */
export const endingTable = (endings: readonly ObservedOutcome[]): string =>
  table([HEAD, ...endings.map(rowOf)])

/** The table in Markdown. */
export function endingMarkdown(endings: readonly ObservedOutcome[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  const rows = endings.map((ending) => rowOf(ending).map((cell, at) => (at === 3 ? `\`${cell}\`` : cell)))
  return [line(HEAD), line(HEAD.map(() => '---')), ...rows.map(line)].join('\n')
}
