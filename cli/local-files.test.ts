import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { splitFiles } from '#contract'
import { describeStartError } from '#lib/run-main'
import { prepareFolder, readDocument, readDocuments, writeAtomic } from './local-files.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'local-files-'))
})
afterEach(() => rm(folder, { recursive: true }))

const printed = async (promise: Promise<unknown>) =>
  describeStartError(await promise.catch((error: unknown) => error))

describe('a document named on the command line', () => {
  it('is read', async () => {
    await writeFile(join(folder, 'a.yaml'), 'openapi: 3.1.0')
    expect(await readDocument(join(folder, 'a.yaml'))).toBe('openapi: 3.1.0')
  })

  it.each([
    ['UTF-16, as SQL Server saves scripts', Buffer.from('\uFEFFCREATE TABLE čaj (id int)', 'utf16le')],
    ['big-endian UTF-16', Buffer.from('\uFEFFCREATE TABLE čaj (id int)', 'utf16le').swap16()],
    ['UTF-8 with a mark', Buffer.from('\uFEFFCREATE TABLE čaj (id int)')],
  ])('is read in %s', async (_, bytes) => {
    await writeFile(join(folder, 'tables.sql'), bytes)
    expect(await readDocument(join(folder, 'tables.sql'))).toBe('CREATE TABLE čaj (id int)')
  })

  it('is refused where it is no text', async () => {
    await writeFile(join(folder, 'picture.yaml'), Buffer.from([0x89, 0x50, 0x4e, 0x47, 0xff, 0x00]))
    expect(await printed(readDocument(join(folder, 'picture.yaml')))).toMatch(
      /is not text in UTF-8 or UTF-16/,
    )
  })

  it('is refused in one sentence where it does not exist or is a folder', async () => {
    const missing = join(folder, 'missing.yaml')
    expect(await printed(readDocument(missing))).toBe(
      `Cannot read ${missing}: it does not exist. Give the path of a file with --spec.`,
    )
    expect(await printed(readDocument(folder))).toBe(
      `Cannot read ${folder}: it is a folder. Give the path of a file with --spec.`,
    )
  })
})

describe('a document of several files', () => {
  it('is one text, with the names that the first has for the others', async () => {
    await mkdir(join(folder, 'models'), { recursive: true })
    await writeFile(join(folder, 'api.yaml'), 'openapi: 3.1.0')
    await writeFile(join(folder, 'models/pet.yaml'), 'type: object')
    expect(
      splitFiles(await readDocuments([join(folder, 'api.yaml'), join(folder, 'models/pet.yaml')])),
    ).toEqual({
      main: 'openapi: 3.1.0',
      others: [{ name: 'models/pet.yaml', text: 'type: object' }],
    })
  })
})

describe('a document that is too large', () => {
  it.each(['/dev/zero', 'large.sql'])('is not read to its end: %s', async (name) => {
    const path = name.startsWith('/') && existsSync(name) ? name : join(folder, 'large.sql')
    if (path !== name) await writeFile(path, Buffer.alloc(4_000_001, ' '))
    expect(await printed(readDocument(path))).toBe(
      `Cannot read ${path}: it is larger than 4 MB; the limit is 1 million characters. Give the path of a file with --spec.`,
    )
  })
})

describe('the folder for the archive', () => {
  it('is made where it is missing, and takes the archive whole', async () => {
    const out = join(folder, 'a/b')
    await prepareFolder(out)
    expect(await readFile(await writeAtomic(out, 'x.zip', Buffer.from('zip')), 'utf8')).toBe('zip')
    expect(await readdir(out)).toEqual(['x.zip'])
  })

  it('is refused in one sentence where it is a file', async () => {
    const file = join(folder, 'file')
    await writeFile(file, '')
    expect(await printed(prepareFolder(file))).toBe(
      `Cannot write to ${file}: it is a file. Give another folder with --out.`,
    )
    expect(await printed(prepareFolder(join(file, 'below')))).toBe(
      `Cannot write to ${join(file, 'below')}: a part of its path is a file. Give another folder with --out.`,
    )
  })

  it('keeps nothing of an archive that could not be written', async () => {
    await prepareFolder(join(folder, 'taken.zip/x'))
    expect(await printed(writeAtomic(folder, 'taken.zip', Buffer.from('zip')))).toMatch(/^Cannot write to /)
    expect(await readdir(folder)).toEqual(['taken.zip'])
  })
})
