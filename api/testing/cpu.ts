/** How long this thread computes, in milliseconds: what others do on the machine is not counted. */
export async function cpuOf(work: () => Promise<unknown> | unknown): Promise<number> {
  const before = process.threadCpuUsage()
  await work()
  const { user, system } = process.threadCpuUsage(before)
  return (user + system) / 1000
}
