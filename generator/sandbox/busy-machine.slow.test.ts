import { spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { env, execPath, getuid, platform } from 'node:process'
import { expect, onTestFinished, test } from 'vitest'
import { chooseSandbox, type ChooseSandboxInput } from './choose-sandbox.ts'

/** `STARTS=50 npx vitest run …` for the figure that the documents name. */
const STARTS = Number(env['STARTS'] ?? 2)
const BUSY_LOOPS = 6

const temp = mkdtempSync(join(tmpdir(), 'busy-machine-'))
chmodSync(temp, 0o755)

const input = (): ChooseSandboxInput => ({
  setting: 'auto',
  nodePath: execPath,
  kitDirectory: temp,
  tempDirectory: temp,
  searchPath: env['PATH'] ?? '',
  platform,
  userId: getuid?.(),
  signal: AbortSignal.timeout(300_000),
})

const quiet = await chooseSandbox(input())
const why = quiet.tier === 'bubblewrap' ? '' : ` (skipped: ${quiet.description})`

test.skipIf(quiet.tier !== 'bubblewrap')(
  `${STARTS} starts beside ${BUSY_LOOPS} busy loops: none loses its sandbox${why}`,
  { timeout: STARTS * 60_000 },
  async () => {
    onTestFinished(() => rmSync(temp, { recursive: true }))
    const loops = Array.from({ length: BUSY_LOOPS }, () => spawn(execPath, ['-e', 'for (;;);']))
    onTestFinished(() => {
      for (const loop of loops) loop.kill('SIGKILL')
    })
    const tiers: string[] = []
    const seconds: number[] = []
    for (let start = 0; start < STARTS; start++) {
      const began = performance.now()
      const chosen = await chooseSandbox(input())
      seconds.push((performance.now() - began) / 1000)
      tiers.push(chosen.undecided ? 'undecided' : chosen.tier)
    }
    const sorted = seconds.toSorted((a, b) => a - b)
    const shown = [sorted[0]!, sorted[Math.floor(STARTS / 2)]!, sorted.at(-1)!].map((one) => one.toFixed(1))
    console.log(`${STARTS} starts beside ${BUSY_LOOPS} busy loops: ${shown.join(', ')} s (min, median, max)`)
    expect(tiers).toEqual(Array(STARTS).fill('bubblewrap'))
  },
)
