import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { fromBufferPromise } from 'yauzl'
import { reportOf } from '#contract/testing/samples'
import type { ProjectFile } from '../ports.ts'
import { packProject, sha256 } from './pack.ts'
import type { DeterministicReport } from './pack/generation-report.ts'

const files: ProjectFile[] = [
  { path: 'src/index.ts', content: 'export {}\n', origin: 'template' },
  { path: 'package.json', content: '{}\n', origin: 'kit' },
  { path: 'scripts/run.sh', content: '#!/bin/sh\n', origin: 'kit', executable: true },
  { path: 'docs/größe.md', content: 'größer als ✓\n', origin: 'template' },
  { path: '.env.example', content: '', origin: 'template' },
]

const report: DeterministicReport = reportOf()

const pack = (input: Partial<Parameters<typeof packProject>[0]> = {}) =>
  packProject({ name: 'note-api', files, report, ...input })

async function unpack(bytes: Uint8Array) {
  const zip = await fromBufferPromise(Buffer.from(bytes))
  const entries: { name: string; content: string; mode: number; date: string }[] = []
  for await (const entry of zip.eachEntry()) {
    const stream = await zip.openReadStreamPromise(entry)
    entries.push({
      name: entry.fileName,
      content: (await buffer(stream)).toString('utf8'),
      mode: entry.externalFileAttributes >>> 16,
      date: entry.getLastModDate({ timezone: 'UTC' }).toISOString(),
    })
  }
  return entries
}

afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllEnvs()
})

describe('packProject', () => {
  test('puts every file, unchanged, into one folder named like the project, with the report beside them', async () => {
    const packed = await pack()
    expect(packed.filename).toBe('note-api.zip')
    const entries = await unpack(packed.bytes)
    expect(entries.map((entry) => entry.name)).toEqual(packed.files.map((path) => `note-api/${path}`))
    for (const { path, content } of files)
      expect(entries.find((entry) => entry.name === `note-api/${path}`)?.content).toBe(content)
    expect(packed.files).toContain('GENERATION_REPORT.md')
    expect(packed.files).toEqual([...packed.files].sort())
    expect(packed.sha256).toBe(sha256(packed.bytes))
  })

  test('gives one date to all, and 0755 to what can be executed and 0644 to the rest', async () => {
    const entries = await unpack((await pack()).bytes)
    expect(new Set(entries.map((entry) => entry.date))).toEqual(new Set(['1980-01-01T00:00:00.000Z']))
    for (const { name, mode } of entries)
      expect([name, (mode & 0o777).toString(8)]).toEqual([name, name.endsWith('.sh') ? '755' : '644'])
  })

  test('gives equal bytes for equal input, whatever the order, the clock, the zone and the umask', async () => {
    const first = await pack()
    vi.useFakeTimers({ now: new Date('2031-07-01T23:59:59Z'), toFake: ['Date'] })
    vi.stubEnv('TZ', 'Asia/Tokyo')
    const verification = {
      ...report.verification,
      gates: report.verification.gates.map((gate) => ({ ...gate, ms: 999 })),
    }
    const second = await pack({ files: files.toReversed(), report: { ...report, verification } })
    expect(second.sha256).toBe(first.sha256)
  })

  test('gives other bytes for other input', async () => {
    const changed = files.map((file) => (file.path === 'package.json' ? { ...file, content: '{ }\n' } : file))
    expect((await pack({ files: changed })).sha256).not.toBe((await pack()).sha256)
  })

  test.each([
    ['a path that leaves the folder', { files: [{ path: '../x', content: '', origin: 'model' as const }] }],
    ['two files of one name', { files: [...files, files[0]!] }],
    [
      'a report of its own',
      { files: [{ path: 'GENERATION_REPORT.md', content: '', origin: 'model' as const }] },
    ],
    ['a name with a slash', { name: '../note-api' }],
    ['a name with capitals', { name: 'NoteApi' }],
  ])('refuses %s', async (_, input) => {
    await expect(pack(input)).rejects.toMatchObject({ code: 'cannot_pack' })
  })

  test.skipIf(!hasUnzip())('is sound to unzip', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'pack-test-'))
    try {
      writeFileSync(join(folder, 'project.zip'), (await pack()).bytes)
      expect(execFileSync('unzip', ['-t', 'project.zip'], { cwd: folder, encoding: 'utf8' })).toContain(
        'No errors',
      )
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})

function hasUnzip(): boolean {
  try {
    execFileSync('unzip', ['-v'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

test.each(['con', 'nul', 'com1', 'aux'])(
  'names the archive of %s so that Windows can unpack it',
  async (name) => {
    const { filename, bytes } = await pack({ name })
    expect(filename).toBe(`${name}_.zip`)
    for (const entry of await unpack(bytes)) expect(entry.name).toMatch(new RegExp(`^${name}_/`))
  },
)
