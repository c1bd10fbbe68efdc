import { existsSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'

const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => existsSync(folder))
const hasRedis = folders.some((folder) => existsSync(join(folder, 'redis-server')))

/** A folder with links to all programs on the PATH except `redis-server`, so that the queue is embedded. */
function bareMachine(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'bare-'))
  const linked = new Set<string>()
  for (const folder of folders) {
    for (const program of readdirSync(folder)) {
      if (program.startsWith('redis-') || linked.has(program)) continue
      linked.add(program)
      symlinkSync(join(folder, program), join(path, program))
    }
  }
  return { path, remove: () => rmSync(path, { recursive: true }) }
}

/** The queues that need no setup, with the environment for each. Call `remove` at the end. */
export function makeQueues() {
  const bare = bareMachine()
  return {
    kinds: [
      { name: 'embedded', env: { PATH: bare.path }, skip: false },
      {
        name: hasRedis ? 'redis-server' : 'redis-server, skipped: it is not on the PATH',
        env: {},
        skip: !hasRedis,
      },
    ],
    remove: bare.remove,
  }
}
