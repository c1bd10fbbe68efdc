/** The result of one check. */
export type Finding = {
  readonly name: string
  /** `off` is disabled by choice, `weak` works with limitations, `broken` stops the service or its jobs. */
  readonly state: 'ok' | 'off' | 'weak' | 'broken'
  /** Never contains credentials. */
  readonly detail: string
  /** What to do about it. */
  readonly advice?: string
}

const STATES: Readonly<Record<Finding['state'], string>> = {
  ok: 'ok',
  off: 'off',
  weak: 'weak',
  broken: 'BROKEN',
}

/** One line per finding with its advice below, then a summary line. Pure. */
export function renderFindings(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({ name }) => name.length))
  const lines = findings.flatMap(({ name, state, detail, advice }) => [
    `${STATES[state].padEnd(6)}  ${name.padEnd(width)}  ${indent(detail, width + 10)}`,
    ...(advice === undefined ? [] : [`${' '.repeat(width + 10)}${indent(`→ ${advice}`, width + 12)}`]),
  ])
  const broken = findings.filter(({ state }) => state === 'broken').map(({ name }) => name)
  const verdict =
    broken.length === 0 ? 'Ready: npm start' : `Not ready: ${broken.join(', ')} must be fixed first.`
  return [...lines, '', verdict].join('\n')
}

const indent = (text: string, by: number): string => text.replaceAll('\n', `\n${' '.repeat(by)}`)
