import type { StoreTarget } from './config.ts'
import { prepareFolder } from './disk.ts'
import { makeFileStore } from './file-store.ts'
import type { JobStore } from './job-store.ts'

/**
 * Opens the job store, and makes sure that it can be used: the folder can be written, or the bucket can, and decides
 * conditional writes.
 *
 * @throws StoreSetupError saying what to set; StoreUnavailableError when the store does not answer.
 */
export async function openStore(target: StoreTarget): Promise<JobStore> {
  switch (target.kind) {
    case 'file':
      await prepareFolder(target.dir, target.setting)
      return makeFileStore({ dir: target.dir })
    case 's3': {
      // The SDK is loaded only where it is used.
      const { openS3Store } = await import('./s3/open-s3-store.ts')
      return openS3Store(target)
    }
  }
}
