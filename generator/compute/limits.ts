export type ComputeLimits = {
  /** CPU time of one task, in milliseconds. */
  readonly cpuMs: number
  /** Wall-clock time of one task, in milliseconds, for one that waits forever without using CPU. */
  readonly wallMs: number
  /** Memory of the process that runs it, in MB, Node itself included. */
  readonly memoryMb: number
}

/**
 * Documents of 1 MB, which is the most that is accepted, take 1 to 7 seconds and 150 to 450 MB (`npm run test:all`, the
 * worst cases); public ones of that size about 2 seconds.
 */
export const COMPUTE_LIMITS: ComputeLimits = { cpuMs: 30_000, wallMs: 180_000, memoryMb: 1_024 }
