import type { Reader } from './token-reader.ts'

/** What `END` closes that `BEGIN` and `CASE` did not open. */
const OTHER_ENDS = ['if', 'loop', 'while', 'repeat', 'for']

/** To the end of a view or a routine, whose body has its own statements. */
export function skipRoutine(reader: Reader): void {
  if (reader.isInBatch()) {
    // In a script of SQL Server, a batch is nothing else.
    while (reader.peek()?.kind !== 'end') reader.next()
    return
  }
  if (!reader.routines.end) return reader.skipStatement()
  const start = reader.position()
  let depth = 0
  while (!reader.isDone()) {
    if (depth === 0 && (reader.isEnd() || reader.isNextStatement())) return
    if (reader.is('begin') || reader.is('case')) depth += 1
    else if (reader.is('end') && depth > 0 && !OTHER_ENDS.some((word) => reader.is(word, 1))) {
      depth -= 1
      if (reader.is('case', 1)) reader.next()
    }
    reader.next()
  }
  if (depth === 0) return
  // A body that does not end must not take the rest of the document along.
  reader.routines.end = false
  reader.goTo(start)
  reader.skipStatement()
}
