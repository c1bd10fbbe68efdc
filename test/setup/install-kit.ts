import { defaultStack } from '../../generator/stacks/registry.ts'
import { ensureKit } from '../../generator/stacks/install-kit.ts'

const { kitDirectory } = defaultStack

/** What the tests render needs its dependencies beside it: installed once, as a worker does at its start. */
export async function setup(): Promise<void> {
  await ensureKit({
    kitDirectory,
    env: process.env,
    signal: AbortSignal.timeout(300_000),
    onProgress: (detail) => console.log(`${detail}, once …`),
  }).catch((error: Error) => console.log(`What needs them will fail: ${error.message}`))
}
