/** Shared by the computing thread and its watchdog: three integers. */
export const LIMITS_SIZE = 3 * Int32Array.BYTES_PER_ELEMENT

/** Null while no task runs. `cpuMs` counts from the start of the process. */
export function setLimits(
  shared: Int32Array,
  limits: { readonly cpuMs: number; readonly memoryMb: number } | null,
): void {
  Atomics.store(shared, 0, 0)
  if (limits === null) return
  Atomics.store(shared, 1, Math.ceil(limits.cpuMs))
  Atomics.store(shared, 2, Math.ceil(limits.memoryMb))
  Atomics.store(shared, 0, 1)
}

export function readLimits(shared: Int32Array): { cpuMs: number; memoryMb: number } | null {
  if (Atomics.load(shared, 0) === 0) return null
  return { cpuMs: Atomics.load(shared, 1), memoryMb: Atomics.load(shared, 2) }
}
