import type { RunLimits } from './ports.ts'

/** Enforces a run's memory limit across all its processes, from outside the sandbox. */
export type ResourceGuard = {
  /** Called once with the run's first process, before the program starts. Throws when it cannot attach. */
  readonly attach: (pid: number) => Promise<void>
  /** Whether the run exceeded its memory limit; polled several times a second. Never throws. */
  readonly isOverLimit: () => boolean
  /** Called once, after every process of the run has exited. Never throws. */
  readonly release: () => Promise<void>
}

export type MakeResourceGuard = (input: {
  readonly limits: RunLimits
  /** Memory disks of the run: where they are mounted inside, and their size in bytes. */
  readonly disks: readonly { readonly path: string; readonly bytes: number }[]
}) => ResourceGuard
