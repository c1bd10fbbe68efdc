import type { Gate, GateReport } from '#contract'

export type Diagnostic = GateReport['diagnostics'][number]

/** The result of one gate, without its duration. */
export type GateResult = {
  readonly status: Gate['status']
  readonly detail: string
  readonly diagnostics: readonly Diagnostic[]
  /** It failed only because time ran out. */
  readonly timedOut?: true
}

export const passed = (detail: string): GateResult => ({ status: 'passed', detail, diagnostics: [] })
export const skipped = (reason: string): GateResult => ({
  status: 'skipped',
  detail: reason,
  diagnostics: [],
})

/** Always has a diagnostic: the detail itself if there is no other. */
export function failed(
  gate: Gate['name'],
  detail: string,
  diagnostics: readonly Diagnostic[] = [],
): GateResult {
  return {
    status: 'failed',
    detail,
    diagnostics: diagnostics.length > 0 ? diagnostics : [{ gate, file: null, line: null, message: detail }],
  }
}

export function toGate(name: Gate['name'], { status, detail, timedOut }: GateResult, ms: number): Gate {
  return {
    name,
    status,
    detail: oneLine(detail),
    ms: Math.round(ms * 10) / 10,
    ...(timedOut && { timedOut }),
  }
}

export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`

// oxlint-disable-next-line no-control-regex -- terminal colours and control characters are what is removed
const CONTROL = /\u001b\[[0-9;]*[A-Za-z]|[\u0000-\u0008\u000b-\u001f\u007f]/g

/** Text that a project's code wrote, made safe to show: no control characters, at most `length` characters. */
export function readableText(text: string, length = 1000): string {
  const clean = text.replace(CONTROL, '').trim()
  return clean.length > length ? `${clean.slice(0, length).trimEnd()}…` : clean
}

export const oneLine = (text: string, length = 300): string => readableText(text.replace(/\s+/g, ' '), length)
