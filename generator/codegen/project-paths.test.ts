import { describe, expect, test } from 'vitest'
import type { ProjectFile } from '../ports.ts'
import { checkPaths, PROJECT_LIMITS } from './project-paths.ts'

const file = (path: string, content = ''): ProjectFile => ({ path, content, origin: 'template' })
const messages = (...paths: string[]) =>
  checkPaths(paths.map((path) => file(path))).map(({ message }) => message)

describe('checkPaths', () => {
  test('accepts the paths of a usual project', () => {
    expect(
      messages(
        'package.json',
        '.env.example',
        '.github/workflows/ci.yml',
        'src/routes/line-items.ts',
        'docs/größe.md',
      ),
    ).toEqual([])
  })

  test.each([
    ['', /empty/],
    ['/etc/passwd', /absolute/],
    ['C:/windows', /absolute/],
    ['c:file', /absolute/],
    ['src\\index.ts', /backslash/],
    ['../outside', /\.\./],
    ['src/../../outside', /\.\./],
    ['./src', /\.\./],
    ['src//index.ts', /empty segment/],
    ['src/', /empty segment/],
    ['src/nul', /Windows device/],
    ['src/COM1.ts', /Windows device/],
    ['aux.d/x.ts', /Windows device/],
    ['src/name.', /dot or a space/],
    ['src/name /x', /dot or a space/],
    ['src/a:b', /Windows refuses/],
    ['src/what?.ts', /Windows refuses/],
    ['src/nul\u0000l.ts', /control/],
    ['src/new\nline.ts', /control/],
    ['src/\u202etxt.exe', /direction/],
    ['src/\ud800.ts', /well-formed/],
    ['node_modules/fastify/index.js', /never part/],
    ['.git/hooks/pre-commit', /never part/],
    ['NODE_MODULES/x', /never part/],
    [`${'a/'.repeat(PROJECT_LIMITS.depth)}b`, /deeper/],
    ['a'.repeat(PROJECT_LIMITS.segmentBytes + 1), /segment of more/],
    [`${'é'.repeat(50)}/${'é'.repeat(50)}/${'é'.repeat(50)}`, /longer than/],
  ])('refuses %j', (path, message) => {
    expect(messages(path).join('\n')).toMatch(message)
  })

  test.each([
    [['src/a.ts', 'src/a.ts'], /same file/],
    [['src/a.ts', 'src/A.ts'], /same file as src\/a\.ts/],
    [['src/\u00e9.ts', 'src/e\u0301.ts'], /same file/],
    [['src/a.ts', 'Src/b.ts'], /spells the folder src as Src/],
    [['src/x', 'src/x/y.ts'], /also a file/],
    [['src/x/y.ts', 'SRC/X'], /also a file/],
  ])('refuses the collision of %j', (paths, message) => {
    expect(messages(...paths).join('\n')).toMatch(message)
  })

  test('refuses too many files, too large files and too much in all, each by name', () => {
    const limits = { ...PROJECT_LIMITS, files: 2, fileBytes: 4, totalBytes: 6 }
    const found = checkPaths([file('a', 'éé'), file('b', 'ééé'), file('c')], limits)
    expect(found).toEqual([
      { path: '', message: '3 files; at most 2 are allowed' },
      { path: 'b', message: 'has 6 bytes; at most 4 are allowed' },
      { path: '', message: '10 bytes in all; at most 6 are allowed' },
    ])
    expect(checkPaths([])).toHaveLength(1)
  })
})
