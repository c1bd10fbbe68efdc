import { readdir, readFile } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { kitDirectory } from './kit.ts'

export type KitFile = { readonly path: string; readonly content: string }

const filesDirectory = join(kitDirectory, 'files')

let loaded: Promise<readonly KitFile[]> | undefined

/** The fixed files of every project, read once. A leading `dot-` stands for the dot of a hidden file. */
export function loadKitFiles(): Promise<readonly KitFile[]> {
  loaded ??= readAll()
  return loaded
}

async function readAll(): Promise<KitFile[]> {
  const entries = await readdir(filesDirectory, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile())
  return Promise.all(
    files.map(async ({ parentPath, name }) => {
      const file = join(parentPath, name)
      const parts = file.slice(filesDirectory.length + 1).split(sep)
      const path = parts.map((part) => part.replace(/^dot-/, '.')).join('/')
      return { path, content: await readFile(file, 'utf8') }
    }),
  )
}
