import { createWriteStream } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { fromBufferPromise } from 'yauzl'

/** Unpacks a zip without `unzip`. */
export async function unpack(bytes: Buffer, into: string): Promise<void> {
  const zip = await fromBufferPromise(bytes)
  for await (const entry of zip.eachEntry()) {
    const path = join(into, entry.fileName)
    await mkdir(dirname(path), { recursive: true })
    await pipeline(await zip.openReadStreamPromise(entry), createWriteStream(path))
  }
}
