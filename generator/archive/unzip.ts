import { buffer } from 'node:stream/consumers'
import { fromBufferPromise } from 'yauzl'

/** One unpacked file. */
export type Unpacked = {
  /** Without the archive's top folder. */
  readonly path: string
  readonly bytes: Uint8Array
  readonly executable: boolean
}

/**
 * Every file of an archive whose files all lie in `folder`. Throws for anything suspicious: broken
 * structures, wrong checksums, names that escape the folder, links, and files in other folders.
 */
export async function unzip(folder: string, bytes: Uint8Array): Promise<Unpacked[]> {
  const archive = await fromBufferPromise(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
  const files: Unpacked[] = []
  for await (const entry of archive.eachEntry()) {
    const mode = entry.externalFileAttributes >>> 16
    if ((mode & 0o170000) !== 0o100000) throw new Error(`${entry.fileName} is not a plain file`)
    if (!entry.fileName.startsWith(`${folder}/`)) throw new Error(`${entry.fileName} is not in ${folder}`)
    const content = await buffer(await archive.openReadStreamPromise(entry))
    files.push({
      path: entry.fileName.slice(folder.length + 1),
      bytes: content,
      executable: (mode & 0o111) !== 0,
    })
  }
  return files
}
