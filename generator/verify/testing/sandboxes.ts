import { tmpdir } from 'node:os'
import { chooseSandbox, type ChosenSandbox } from '../../sandbox/choose-sandbox.ts'
import { ensureKit } from '../../stacks/install-kit.ts'
import { KIT_DIRECTORY } from './fixture-project.ts'

const choose = (setting: 'auto' | 'bubblewrap' | 'none'): Promise<ChosenSandbox> =>
  chooseSandbox({
    setting,
    nodePath: process.execPath,
    kitDirectory: KIT_DIRECTORY,
    tempDirectory: tmpdir(),
    searchPath: process.env['PATH'] ?? '',
    platform: process.platform,
    userId: process.getuid?.(),
    signal: AbortSignal.timeout(60_000),
  })

export type Tier = {
  readonly name: 'bubblewrap' | 'none'
  /** Null where the tier does not work on this machine, and `reason` says why. */
  readonly chosen: ChosenSandbox | null
  /** For the title of a test. */
  readonly title: string
}

/** Both tiers that run a project, with the kit installed; a test skips by name the one that this machine lacks. */
export async function tiersOfThisMachine(): Promise<Tier[]> {
  await ensureKit({
    kitDirectory: KIT_DIRECTORY,
    env: process.env,
    signal: AbortSignal.timeout(120_000),
  })
  const bubblewrap = await choose('bubblewrap').catch((error: Error) => error)
  return [
    bubblewrap instanceof Error
      ? { name: 'bubblewrap', chosen: null, title: `bubblewrap (skipped: ${bubblewrap.message})` }
      : { name: 'bubblewrap', chosen: bubblewrap, title: 'bubblewrap' },
    { name: 'none', chosen: await choose('none'), title: 'none' },
  ]
}
