import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { execPath, kill, platform } from 'node:process'
import { expect, onTestFinished, test } from 'vitest'
import type { RunLimits } from './ports.ts'
import { processTree } from './process-tree.ts'
import { watchMemory } from './watch-memory.ts'

const limits = (memoryBytes: number): RunLimits => ({
  wallMs: 5000,
  cpuSeconds: 5,
  memoryBytes,
  processes: 30,
  fileBytes: 1_000_000,
  openFiles: 64,
  scratchBytes: 1_000_000,
  outputBytes: 1000,
  resultBytes: 1000,
})

/** A process and its child, which holds as much as it does. */
async function family(bytes: number) {
  const script = `kept = Buffer.alloc(${bytes}, 1); setTimeout(() => {}, 90_000)`
  const child = spawn(
    execPath,
    [
      '-e',
      `require('node:child_process').spawn(process.execPath, ['-e', "console.log(1);${script}"], { stdio: 'inherit' }); ${script}`,
    ],
    { stdio: ['ignore', 'pipe', 'ignore'], detached: true },
  )
  onTestFinished(async () => {
    kill(-child.pid!, 'SIGKILL')
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  })
  await once(child.stdout!, 'data')
  return child.pid!
}

if (platform === 'linux') {
  test('adds up what a process and its descendants hold', async () => {
    const pid = await family(60e6)
    expect(processTree(pid)).toHaveLength(2)
    const guard = watchMemory({ limits: limits(110e6), disks: [] })
    expect(guard.isOverLimit()).toBe(false)
    await guard.attach(pid)
    await expect.poll(() => guard.isOverLimit(), { timeout: 90_000 }).toBe(true)
    const roomy = watchMemory({ limits: limits(1e9), disks: [] })
    await roomy.attach(pid)
    expect(roomy.isOverLimit()).toBe(false)
  })

  test('takes no disk of the machine for one of the run', async () => {
    const pid = await family(1000)
    const guard = watchMemory({ limits: limits(500e6), disks: [{ path: '/', bytes: 16_000_000 }] })
    await guard.attach(pid)
    expect(guard.isOverLimit()).toBe(false)
  })
}

test('a process that is gone holds nothing', async () => {
  const guard = watchMemory({ limits: limits(1), disks: [] })
  await guard.attach(0x7ffffff0)
  expect(guard.isOverLimit()).toBe(false)
  await guard.release()
})
