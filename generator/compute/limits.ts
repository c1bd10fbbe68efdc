export type ComputeLimits = {
  /** Computing time of one task, in milliseconds; time in which others had the processor is not counted. */
  readonly cpuMs: number
  /** The same by the clock, for what computes nothing and does not end. */
  readonly wallMs: number
  /** Memory of the process that runs it, in MB, Node itself included. */
  readonly memoryMb: number
}

/**
 * Documents of 1 MB, which is the most that is accepted, take 1 to 7 seconds and 150 to 450 MB (`npm run test:all`, the
 * worst cases); public ones of that size about 2 seconds.
 */
export const COMPUTE_LIMITS: ComputeLimits = { cpuMs: 30_000, wallMs: 180_000, memoryMb: 1_024 }
