import { describe, expect, it } from 'vitest'
import { aCompletedView, aHugeView, aReport, aView } from '../../testing/views.ts'
import type { Line } from '../reply.ts'
import { detailsReply, readPageSubject } from './pages.ts'
import { sectionsOf } from './sections.ts'

const wordsOf = ({ text }: Line) =>
  text.map((piece) => (typeof piece === 'string' ? piece : Object.values(piece)[0])).join('')
const under = (view = aCompletedView()) =>
  Object.fromEntries(sectionsOf(view).map(({ heading, lines }) => [heading, lines.map(wordsOf)]))

describe('the details of a job', () => {
  it('show what was built, the checks, the cost and how to run it', () => {
    expect(under()).toEqual({
      '2 routes': ['GET    /todos', 'POST   /todos'],
      '1 entity': ['Todo: title, done'],
      Checks: [
        '41 tests passed, 0 failed, 1 skipped (in a sandbox).',
        'types passed: no type error',
        'boot skipped: not run: no sandbox',
      ],
      'Run it': ['With Node 24.12 or newer:', 'unzip todo-list.zip', 'cd todo-list', 'npm ci', 'npm start'],
      'Cost and time': ['2 calls of gpt-4o, 1,500 tokens, $0.0123', '12 s (design 4.2 s, verify 1.9 s)'],
      Archive: [
        'todo-list.zip, 41,234 bytes',
        `SHA-256 ${'ab'.repeat(32)}`,
        'Over the API: GET /jobs/01jd0000000000000000000000',
      ],
    })
  })

  it('start with what needs the reader, data loss before everything else', () => {
    const changes = {
      entities: { added: ['Comment: body, taskId'], changed: [], removed: [] },
      fields: { added: [], changed: ['Task.title: unique'], removed: ['Task.notes'] },
      routes: { added: ['POST /comments', 'PUT /tasks/:id/tags/:rightId'], changed: [], removed: [] },
      other: [],
      migrations: ['src/migrations/0002_version_2.sql'],
      files: { added: [], changed: [], removed: [] },
      dataLoss: ['Task.notes of every row'],
      filled: [],
      conditions: ['no two rows have the same Task.title'],
      reused: [],
    }
    const gaps = [{ operation: 'PUT /tasks/:id/tags/:rightId', reason: 'not said' }]
    const report = aReport({ changes, gaps, notUnderstood: ['make it pop'], assumptions: ['A guess.'] })
    const found = sectionsOf(aCompletedView({ version: 2, report }))
    expect(found.slice(0, 4).map(({ heading, lines }) => [heading, lines.map(wordsOf)])).toEqual([
      ['⚠ Data loss when you upgrade', ['Task.notes of every row']],
      [
        'What changed since version 1',
        [
          '+ Comment: body, taskId',
          '+ POST /comments',
          '+ PUT /tasks/:id/tags/:id',
          '~ Task.title: unique',
          '− Task.notes',
          'The migration stops unless no two rows have the same Task.title',
          'Migration: src/migrations/0002_version_2.sql',
        ],
      ],
      ['To finish (returns 501 for now)', ['PUT /tasks/:id/tags/:id: not said']],
      ['Not built', ['make it pop']],
    ])
  })

  it('name no cost where no model was used, and an unknown one as such', () => {
    const { ledger } = aReport()
    const costOf = (over: Partial<typeof ledger>) =>
      under(aCompletedView({ report: aReport({ ledger: { ...ledger, ...over } }) }))['Cost and time']
    expect(costOf({ calls: 0 })).toEqual(['12 s (design 4.2 s, verify 1.9 s)'])
    expect(costOf({ costUsd: null })?.[0]).toBe('2 calls of gpt-4o, 1,500 tokens, cost unknown')
  })

  it('say why a job failed, with the advice for operators', () => {
    const error = { code: 'x', message: 'No key is set.', hint: 'Set OPENAI_API_KEY.' }
    expect(under(aView({ state: 'failed', error }))['Why it ended']).toEqual([
      'No key is set.',
      'Set OPENAI_API_KEY.',
    ])
  })
})

describe('the pages', () => {
  const pageOf = (page: number) => detailsReply(aHugeView(), page)

  it('hold everything once, in order', () => {
    const all: string[] = []
    for (let page = 0; ; page++) {
      const { lines, buttons } = pageOf(page)
      const words = lines.map(wordsOf)
      expect(words.join('\n').length).toBeLessThan(3_600)
      all.push(...words)
      if (!buttons.some(({ action }) => action === 'next_page')) break
    }
    const routes = all.filter((line) => line.startsWith('DELETE'))
    expect(routes).toEqual(Array.from({ length: 400 }, (_, at) => `DELETE /resource-${at}/:id`))
  })

  it('are the nearest ones where a button asks for one that does not exist', () => {
    const last = pageOf(9_999)
    expect(last.buttons.map(({ action }) => action)).toEqual(['previous_page'])
    expect(pageOf(-1)).toEqual(pageOf(0))
    expect(readPageSubject('01jd0000000000000000000000.x')).toMatchObject({ page: 0 })
  })

  it('end with lines, never with a heading', () => {
    for (let page = 0; page < 20; page++) expect(pageOf(page).lines.at(-2)?.as).not.toBe('title')
  })
})
