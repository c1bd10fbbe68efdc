import { readdir, readFile } from 'node:fs/promises'

/** The ids of the processes that a process started, and those that they started. Linux only. */
export async function descendants(pid: number): Promise<number[]> {
  const tasks = await readdir(`/proc/${pid}/task`).catch(() => [])
  const lists = await Promise.all(
    tasks.map((task) => readFile(`/proc/${pid}/task/${task}/children`, 'utf8').catch(() => '')),
  )
  const children = lists.flatMap((list) => list.split(' ').filter(Boolean).map(Number))
  const below = await Promise.all(children.map(descendants))
  return [...children, ...below.flat()]
}
