import { describe, expect, test } from 'vitest'
import type { ProjectFile } from '../ports.ts'
import { zip } from '../archive/zip.ts'
import { gateUnpack } from './gate-unpack.ts'
import { goodProject, withEdit, withFile } from './testing/fixture-project.ts'

const executable: ProjectFile[] = goodProject().map((file) =>
  file.path === 'README.md' ? { ...file, executable: true } : file,
)

describe('the unpack gate', () => {
  test('gives what comes out of the archive, equal to what went in', async () => {
    const { verdict, files } = await gateUnpack(executable)
    expect(verdict).toMatchObject({ status: 'passed', detail: expect.stringMatching(/^\d+ KiB unpack to/) })
    const plain = (list: readonly ProjectFile[]) =>
      list
        .map((file) => ({ ...file, executable: file.executable === true }))
        .toSorted((a, b) => a.path.localeCompare(b.path))
    expect(plain(files!)).toEqual(plain(executable))
  })

  test('fails text that no file can hold', async () => {
    const { verdict, files } = await gateUnpack(withFile('src/odd.ts', 'export const odd = "\ud800"\n'))
    expect(files).toBeNull()
    expect(verdict).toMatchObject({
      status: 'failed',
      detail: 'src/odd.ts comes out of the archive with other content',
      diagnostics: [{ gate: 'unpack', file: 'src/odd.ts' }],
    })
  })

  test.each<[string, typeof zip, RegExp]>([
    ['loses a file', (folder, files) => zip(folder, files.slice(1)), /is not in the archive$/],
    [
      'adds a file',
      (folder, files) => zip(folder, [...files, { path: 'x', content: '', origin: 'kit' }]),
      /^x is in the archive, and nobody put it there$/,
    ],
    [
      'changes a file',
      (folder) => zip(folder, withEdit('README.md', '# Notes', '# Nodes')),
      /^README\.md comes out of the archive with other content$/,
    ],
    ['changes a mode', (folder) => zip(folder, executable), /^README\.md comes out executable$/],
    ['uses another folder', (_folder, files) => zip('elsewhere', files), /is not in project$/],
    ['is cut', async (...given) => (await zip(...given)).subarray(0, -30), /cannot be unpacked/],
    [
      'breaks a byte',
      async (...given) => {
        const bytes = await zip(...given)
        bytes[200]! ^= 255
        return bytes
      },
      /cannot be unpacked|other content/,
    ],
    ['is empty', async () => new Uint8Array(), /cannot be unpacked/],
  ])('fails an archive that %s', async (_what, pack, detail) => {
    const { verdict, files } = await gateUnpack(goodProject(), pack)
    expect(files).toBeNull()
    expect(verdict).toMatchObject({ status: 'failed', detail: expect.stringMatching(detail) })
  })
})
