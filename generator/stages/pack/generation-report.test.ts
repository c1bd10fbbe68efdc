import { describe, expect, test } from 'vitest'
import { gateReportOf, reportOf } from '#contract/testing/samples'
import { renderGenerationReport, type DeterministicReport } from './generation-report.ts'
import { markdownCode, markdownText } from './markdown.ts'

const report: DeterministicReport = reportOf({
  designer: { kind: 'openai', model: 'gpt-5.5' },
  title: 'Library',
  entities: [
    { name: 'Book', fields: ['title', 'pages'] },
    { name: 'Shelf', fields: [] },
  ],
  routes: [{ method: 'GET', path: '/books/:id' }],
  settings: [{ name: 'SCANNER_KEY', description: 'Opens the scanner' }],
  assumptions: ['A book is on one shelf'],
  notUnderstood: ['send a pigeon'],
  coverage: 0.876,
  gaps: [{ operation: 'POST /books/:id/scan', reason: 'there is no scanner' }],
  verification: gateReportOf({
    gates: [
      { name: 'types', status: 'passed', detail: '12 TypeScript files without a type error', ms: 812.3 },
      { name: 'tests', status: 'passed', detail: '41 tests passed, 1 skipped', ms: 77.7 },
      { name: 'shutdown', status: 'skipped', detail: 'not run: no sandbox', ms: 0 },
    ],
    tests: { passed: 41, failed: 0, skipped: 1 },
  }),
})

describe('the generation report', () => {
  const text = renderGenerationReport(report)

  test('says what was built, how it was checked, what was assumed and what is left', () => {
    for (const expected of [
      '# Library: generation report',
      'Designed by `gpt-5.5`',
      'The rules read 87 % of the words that carry meaning.',
      '| `Book` | `title`, `pages` |',
      '| `Shelf` | – |',
      '| `GET` | `/books/:id` |',
      '2 of 3 gates passed, 1 could not run. Tests: 41 passed, 1 skipped.',
      '| passed | 12 TypeScript files without a type error |',
      '- A book is on one shelf',
      '- send a pigeon',
      '| `SCANNER_KEY` | Opens the scanner |',
      '- `POST /books/:id/scan`: there is no scanner',
    ])
      expect(text).toContain(expected)
  })

  test('names the files that a model wrote', () => {
    expect(text).toContain('built from templates.')
    expect(renderGenerationReport(report, ['src/operations/a.ts', 'src/operations/b.ts'])).toContain(
      'except for what the model wrote: `src/operations/a.ts`, `src/operations/b.ts`.',
    )
  })

  test('never counts a skipped gate as passed', () => {
    expect(text).toMatch(/\| skipped \| not run: no sandbox \|/)
    expect(text).not.toContain('3 of 3')
  })

  test('does not say how long anything took', () => {
    expect(text).not.toMatch(/812|77\.7|\bms\b/)
    const slower = report.verification.gates.map((gate) => ({ ...gate, ms: gate.ms + 1000 }))
    expect(
      renderGenerationReport({ ...report, verification: { ...report.verification, gates: slower } }),
    ).toBe(text)
  })

  test('leaves out the sections that would be empty', () => {
    const short = renderGenerationReport({ ...report, assumptions: [], notUnderstood: [], gaps: [] })
    expect(short).not.toMatch(/## (Assumptions|Not built|To finish)/)
  })

  test('says what deliberate faults showed, and only where some were tried', () => {
    const mutants = { killed: 8, all: 10, survivors: ['POST /books, line 2: <b> is not stored'] }
    expect(renderGenerationReport({ ...report, mutants })).toContain(
      'put into the code that a model wrote. A test noticed 8 of them. No test notices these:\n\n- POST /books, line 2: ',
    )
    expect(renderGenerationReport({ ...report, mutants: { killed: 3, all: 3, survivors: [] } })).toContain(
      '3 deliberate faults were put into the code that a model wrote. A test noticed all of them.\n',
    )
    expect(text).not.toContain('deliberate')
  })
})

describe("a person's text", () => {
  test.each([
    ['plain words, 3.1 and /health', 'plain words, 3.1 and /health'],
    ['<script>alert(1)</script>', '&lt;script&gt;alert(1)&lt;/script&gt;'],
    ['[a](http://x) ![b](c)', '\\[a\\](http&#58;//x) !\\[b\\](c)'],
    ['*bold* _it_ `code` ~~no~~', '\\*bold\\* \\_it\\_ \\`code\\` \\~\\~no\\~\\~'],
    ['a | b', 'a \\| b'],
    ['# not a heading', '\\# not a heading'],
    ['1. not a list', '1\\. not a list'],
    ['- not a list', '\\- not a list'],
    ['two\n\n## lines', 'two ## lines'],
    ['@everyone www.example.com', '&#64;everyone www&#46;example.com'],
    ['a\u202eb\u0007c', 'abc'],
    ['&lt;', '&amp;lt;'],
  ])('%j is shown and does nothing', (text, markdown) => {
    expect(markdownText(text)).toBe(markdown)
  })

  test('is fenced as code with more backticks than it holds', () => {
    expect(markdownCode('a')).toBe('`a`')
    expect(markdownCode('a``b')).toBe('``` a``b ```')
    expect(markdownCode('a|b')).toBe('`a\\|b`')
  })
})
