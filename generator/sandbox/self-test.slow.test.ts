import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, describe, expect, test } from 'vitest'
import { makeUnsandboxed } from './unsandboxed.ts'
import { selfTest } from './self-test.ts'
import { socketProgram } from './socket-families.ts'

const temp = mkdtempSync(join(tmpdir(), 'self-test-'))
afterAll(() => rmSync(temp, { recursive: true }))

const none = makeUnsandboxed()
/** A busy machine hands the orders over long after the program has started. */
const late = async (input: string | Promise<string> | undefined) => {
  await sleep(500)
  return (await input) ?? ''
}

describe('the self-test without isolation', async () => {
  const report = await selfTest({
    nodePath: process.execPath,
    kitDirectory: temp,
    tempDirectory: temp,
    signal: AbortSignal.timeout(480_000),
    sandbox: { ...none, run: (run) => none.run({ ...run, input: late(run.input) }) },
    // Some of its attacks are seen to go on until it is over.
    wallMs: 20_000,
  })

  test('finds nothing held back', () => {
    expect(report.outcome).toBe('failed')
    expect(report.description).toMatch(/is not secure: .*network.*memory.*daemon/)
  })

  test.skipIf(process.platform !== 'linux' || socketProgram(process.arch) === null)(
    'sees the families of sockets that a program without the filter can open',
    () => expect(report.description).toMatch(/sockets \(opens sockets of the families \d/),
  )
})
