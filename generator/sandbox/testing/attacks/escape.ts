import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { kill } from 'node:process'
import { setTimeout as delay } from 'node:timers/promises'
import type { Attack } from './attack.ts'
import { isAlive } from './world.ts'

/** Attacks that try to outlive the run. */
export const ESCAPE_ATTACKS: readonly Attack[] = [
  {
    name: 'signals the worker',
    program: ({ killTarget }) => `attempt(() => process.kill(${killTarget}, 'SIGKILL'))`,
    succeeded: async (_result, { killTarget }) => {
      await delay(50)
      return !isAlive(killTarget) || isZombie(killTarget)
    },
    stoppedBy: /REFUSED ESRCH/,
  },
  {
    name: 'leaves a daemon behind, in a session of its own',
    program: () => `
      node("setTimeout(() => {}, 9000) // daemon-" + '${MARK}', { detached: true }).unref(); console.log('LEFT'); process.exit()`,
    succeeded: async () => endMarked('daemon'),
    stoppedBy: /LEFT/,
  },
  {
    name: 'leaves a daemon behind, by way of a process that ends',
    program: () => `
      const inner = "setTimeout(() => {}, 9000) // orphan-" + '${MARK}'
      const middle = node("require('child_process').spawn(process.execPath, ['-e', " + JSON.stringify(inner) + "], { detached: true, stdio: 'ignore' }).unref()", { detached: true })
      middle.on('exit', () => { console.log('LEFT'); process.exit() })`,
    succeeded: async () => endMarked('orphan'),
    stoppedBy: /LEFT/,
  },
  {
    name: 'leaves something in the shared memory of the machine',
    program: () => `attempt(() => fs.writeFileSync('/dev/shm/${MARK}', 'x'))`,
    succeeded: () => {
      const path = `/dev/shm/${MARK}`
      const left = existsSync(path)
      rmSync(path, { force: true })
      return left
    },
    stoppedBy: /REFUSED (EROFS|ENOENT|EACCES)/,
  },
  {
    name: 'finds a terminal or a disk in /dev',
    program: () => `
      const usual = new Set(['core', 'console', 'fd', 'full', 'null', 'ptmx', 'pts', 'random', 'shm', 'stderr', 'stdin', 'stdout', 'tty', 'urandom', 'zero'])
      const more = fs.readdirSync('/dev').filter((name) => !usual.has(name))
      console.log(more.length > 0 ? 'GOT ' + more.length : 'REFUSED only ' + fs.readdirSync('/dev').length)`,
    stoppedBy: /REFUSED only \d+/,
  },
]

const MARK = `mark-of-${Math.random().toString(36).slice(2)}`

/** Whether a process with this mark is still running; kills it. */
async function endMarked(kind: string): Promise<boolean> {
  // Processes may take a moment to die with their sandbox.
  for (let looks = 0; looks < 20; looks++) {
    if (marked(kind).length === 0) return false
    await delay(10)
  }
  for (const pid of marked(kind)) kill(pid, 'SIGKILL')
  return true
}

function marked(kind: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(`${kind}-${MARK}`)
      } catch {
        return false
      }
    })
    .map(Number)
    .filter((pid) => commandOf(pid).startsWith('setTimeout'))
}

/** The script that a Node was given, so that the attacker itself, who has the mark in its script too, is not meant. */
const commandOf = (pid: number): string => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')[2] ?? ''
  } catch {
    return ''
  }
}

function isZombie(pid: number): boolean {
  try {
    return / Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return true
  }
}
