import { spawnSync } from 'node:child_process'

/**
 * Writes a program that can be run at once; not on Windows. Another process writes it: a file that this one has open
 * for writing is inherited by what another of its threads starts at that moment, and what anybody has open for writing
 * cannot be run (ETXTBSY, "text file busy").
 */
export function writeProgram(path: string, content: string | Uint8Array): void {
  inAnotherProcess('/bin/sh', ['-c', 'cat > "$1" && chmod 755 "$1"', 'sh', path], content)
}

/** Copies a program so that the copy can be run at once, for the same reason. */
export function copyProgram(from: string, to: string): void {
  inAnotherProcess('cp', [from, to], '')
}

function inAnotherProcess(command: string, args: readonly string[], input: string | Uint8Array): void {
  const { error, status, stderr } = spawnSync(command, args, { input })
  if (error) throw error
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}: ${stderr}`)
}
