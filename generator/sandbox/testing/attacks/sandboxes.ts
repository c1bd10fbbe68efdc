import { env, execPath, getuid, platform } from 'node:process'
import type { Sandbox } from '../../ports.ts'
import { chooseSandbox } from '../../choose-sandbox.ts'
import type { World } from './world.ts'

/** Bubblewrap, or null with the reason as a title carries it. */
export async function bubblewrapHere(
  world: World,
): Promise<{ readonly bubblewrap: Sandbox | null; readonly why: string }> {
  const found = await chooseSandbox({
    setting: 'bubblewrap',
    nodePath: execPath,
    kitDirectory: world.kit,
    tempDirectory: world.jobs,
    searchPath: env['PATH'] ?? '',
    platform,
    userId: getuid?.(),
    signal: AbortSignal.timeout(30_000),
  }).catch((error: Error) => error)
  return found instanceof Error
    ? { bubblewrap: null, why: ` (skipped: ${found.message})` }
    : { bubblewrap: found.pick([]).tools, why: '' }
}
