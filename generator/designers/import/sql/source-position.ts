import type { SourcePosition } from '../spec-error.ts'

/** The line and column of an offset. */
export function sourcePosition(text: string, at: number): SourcePosition {
  const before = text.slice(0, at)
  return { line: before.split('\n').length, column: at - (before.lastIndexOf('\n') + 1) + 1 }
}

export const lineEnd = (text: string, at: number): number => {
  const end = text.indexOf('\n', at)
  return end === -1 ? text.length : end
}
