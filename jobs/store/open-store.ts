import type { Logger } from 'pino'
import type { StoreTarget } from './config.ts'
import { prepareFolder } from './disk.ts'
import { makeFileStore } from './file-store.ts'
import type { JobStore } from './job-store.ts'

/**
 * Opens the job store and verifies that it is usable: the folder is writable, or the bucket is and supports conditional
 * writes. Retries an unreachable bucket for `startupTimeoutMs`, 20 seconds by default.
 *
 * @throws StoreSetupError saying what to set; StoreUnavailableError when the store does not answer.
 */
export async function openStore(
  target: StoreTarget,
  options: { readonly log?: Logger; readonly signal?: AbortSignal; readonly startupTimeoutMs?: number } = {},
): Promise<JobStore> {
  switch (target.kind) {
    case 'file':
      await prepareFolder(target.dir, target.setting)
      return makeFileStore({ dir: target.dir })
    case 's3': {
      // The SDK is loaded on demand.
      const { openS3Store } = await import('./s3/open-s3-store.ts')
      return openS3Store(target, options)
    }
  }
}
