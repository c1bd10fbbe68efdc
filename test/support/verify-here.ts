import { tmpdir } from 'node:os'
import { chooseSandbox } from '../../generator/sandbox/choose-sandbox.ts'
import { defaultStack } from '../../generator/stacks/registry.ts'
import { makeVerify } from '../../generator/verify/verify.ts'

/** Runs all gates in the strongest sandbox that this machine has. */
export async function verifyHere(signal: AbortSignal): Promise<ReturnType<typeof makeVerify>> {
  const { kitDirectory } = defaultStack
  const nodePath = process.execPath
  const tempDirectory = tmpdir()
  const { pick } = await chooseSandbox({
    setting: 'auto',
    nodePath,
    kitDirectory,
    tempDirectory,
    searchPath: process.env['PATH'] ?? '',
    platform: process.platform,
    userId: process.getuid?.(),
    signal,
  })
  return makeVerify({ pickSandbox: pick, kitDirectory, nodePath, tempDirectory })
}
