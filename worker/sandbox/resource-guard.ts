import type { RunLimits } from './ports.ts'

/** Bounds what all processes of one run use together, from outside. */
export type ResourceGuard = {
  /** Called once, with the run's first process, before the program is let go. Throws where it cannot guard it. */
  readonly attach: (pid: number) => Promise<void>
  /** Whether the run has gone over its memory; asked several times a second. Never throws. */
  readonly isOverLimit: () => boolean
  /** Called once, when every process of the run has ended. Never throws. */
  readonly release: () => Promise<void>
}

export type MakeResourceGuard = (input: {
  readonly limits: RunLimits
  /** Memory disks of the run: where they are mounted inside, and their size in bytes. */
  readonly disks: readonly { readonly path: string; readonly bytes: number }[]
}) => ResourceGuard
