import { readdirSync, readFileSync } from 'node:fs'
import { kill } from 'node:process'
import { setTimeout as delay } from 'node:timers/promises'

const LOOK_MS = 20

/**
 * Kills processes that still have `mark` in their command line after `withinMs`, and returns their number. Zero as soon as
 * there are none, and on systems without `/proc`.
 */
export async function killLeftovers(input: {
  readonly mark: string
  readonly withinMs: number
}): Promise<number> {
  for (let waited = 0; waited < input.withinMs; waited += LOOK_MS) {
    if (marked(input.mark).length === 0) return 0
    await delay(LOOK_MS)
  }
  const left = marked(input.mark)
  for (const pid of left) end(pid)
  return left.length
}

function marked(mark: string): number[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name) && commandLine(name).includes(mark))
      .map(Number)
  } catch {
    return []
  }
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch {
    return ''
  }
}

function end(pid: number): void {
  try {
    kill(pid, 'SIGKILL')
  } catch {
    // It has ended meanwhile.
  }
}
