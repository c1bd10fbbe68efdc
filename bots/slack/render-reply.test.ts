import { describe, expect, it } from 'vitest'
import { detailsReply } from '../core/details/pages.ts'
import { makeReply, item, text, title, type Reply } from '../core/reply.ts'
import { helpReply, jobsReply, statusReply } from '../core/job-messages.ts'
import { jobId, report, summaryOf, viewOf } from '../testing/jobs.ts'
import { homeView } from './home.ts'
import { modalView } from './modal.ts'
import { SLACK_COMMANDS } from './command-examples.ts'
import { renderReply } from './render-reply.ts'
import { messageProblems, viewProblems } from './testing/check-message.ts'

const long = '<!channel> @everyone <https://evil.example|x> *b* 📚'.repeat(400)
const many = <T>(one: T, count: number): T[] => Array.from({ length: count }, () => one)

const worst = viewOf({
  state: 'completed',
  prompt: long,
  steps: viewOf().steps.map((step) => ({ ...step, status: 'done', detail: long })),
  error: null,
  result: { success: true, files: many('src/a.ts', 400) },
  report: {
    ...report,
    title: long,
    entities: many({ name: 'Thing', fields: many('field', 60) }, 60),
    routes: many({ method: 'GET', path: '/things' }, 300),
    assumptions: many(long, 50),
    notUnderstood: many(long, 50),
    gaps: many({ operation: long, reason: long }, 50),
    verification: {
      ...report.verification,
      gates: many({ name: 'tests', status: 'failed', detail: long, ms: 1 }, 10),
      diagnostics: many({ gate: 'types', file: 'src/a.ts', line: 1, message: long }, 50),
    },
  },
})

describe('a reply in Slack', () => {
  it.each<[string, Reply]>([
    ['help', helpReply(SLACK_COMMANDS)],
    ['status', statusReply(worst)],
    ['details', detailsReply(worst)],
    ['a list', jobsReply(many(summaryOf({ prompt: long }), 10), true)],
    ['an empty list', jobsReply([], false)],
    ['very many lines', makeReply([title('x'), ...many(item(long.slice(0, 500)), 200), text('end')])],
    ['nothing to say', makeReply([text('')])],
  ])('is accepted by Slack: %s', (_, said) => {
    expect(messageProblems(renderReply(said))).toEqual([])
  })

  it('says how much does not fit', () => {
    const { blocks } = renderReply(makeReply(many(item('x'.repeat(900)), 30)))
    expect(JSON.stringify(blocks)).toContain('more lines don’t fit')
  })

  it('never parses user text as markup', () => {
    const { text: plain, blocks } = renderReply(makeReply([text('<!channel> <@U1>')]))
    expect(plain).not.toContain('<')
    expect(blocks[0]).toEqual({
      type: 'rich_text',
      elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: '<!channel> <@U1>' }] }],
    })
  })

  it('returns a prompt that is too long for a button', () => {
    const said = makeReply([text('no')], [{ action: 'send_again' }])
    const message = renderReply(said, { buttonValue: null, prompt: long.slice(0, 9_000) })
    expect(messageProblems(message)).toEqual([])
    expect(JSON.stringify(message.blocks)).not.toContain('"button"')
    expect(JSON.stringify(message.blocks)).toContain('rich_text_preformatted')
  })
})

describe('the form and App Home', () => {
  it('are accepted by Slack', () => {
    const metadata = {
      channelId: 'C1',
      threadTs: null,
      responseUrl: `https://hooks.slack.com/${'x'.repeat(200)}`,
    }
    const filled = {
      prompt: long,
      options: { name: 'x'.repeat(60) },
      fileId: null,
      refines: null,
      channelId: 'C1',
      threadTs: null,
      key: 'k',
    }
    expect(viewProblems(modalView(metadata))).toEqual([])
    expect(viewProblems(modalView(metadata, filled))).toEqual([])
    expect(viewProblems(homeView(null, null))).toEqual([])
    expect(viewProblems(homeView({ jobs: [], nextCursor: null }, null))).toEqual([])
    const jobs = (['waiting', 'active', 'completed', 'failed', 'cancelled'] as const).flatMap((state) =>
      many(summaryOf({ jobId, state, prompt: long }), 2),
    )
    expect(viewProblems(homeView({ jobs, nextCursor: jobId }, detailsReply(worst)))).toEqual([])
  })
})
