import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, describe, expect, test } from 'vitest'
import { writeProgram } from '#lib/testing/write-program'
import { chooseSandbox } from './choose-sandbox.ts'
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
    wallMs: 60_000,
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

test.skipIf(process.platform !== 'linux')('does not fall for a bwrap that isolates nothing', async () => {
  const folder = mkdtempSync(join(temp, 'fake-'))
  chmodSync(folder, 0o755)
  // Drops everything up to `--` and runs the rest as it is.
  const fake = `#!/bin/sh\nwhile [ "$1" != "--" ]; do shift; done\nshift\ncase "$1" in *prlimit) while [ "$1" != "--" ]; do shift; done; shift;; esac\nexec "$@"\n`
  writeProgram(join(folder, 'bwrap'), fake)
  const chosen = await chooseSandbox({
    setting: 'auto',
    nodePath: process.execPath,
    kitDirectory: temp,
    tempDirectory: temp,
    searchPath: `${folder}:/usr/bin:/bin`,
    platform: process.platform,
    userId: process.getuid?.(),
    timeoutsMs: [8_000, 60_000],
    signal: AbortSignal.timeout(300_000),
  })
  expect(chosen.tier).toBe('static')
  const broken = chosen.selfTest!.checks.filter(({ outcome }) => outcome === 'failed').map(({ name }) => name)
  expect(broken).toEqual(expect.arrayContaining(['accounts', 'files', 'network', 'processes', 'disk']))
})
