import { tmpdir } from 'node:os'
import { chooseSandbox } from '../../generator/sandbox/choose-sandbox.ts'
import { defaultStack } from '../../generator/stacks/registry.ts'
import { DEFAULT_LIMITS, verifyLimits } from '../../generator/verify/limits.ts'
import { makeVerify } from '../../generator/verify/verify.ts'

/** These projects work, however long a machine with other work takes for them. */
const limits = verifyLimits({ ...DEFAULT_LIMITS, seconds: 600 })

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
  return makeVerify({ pickSandbox: pick, kitDirectory, nodePath, tempDirectory, limits })
}
