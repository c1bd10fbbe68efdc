import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { toCard } from '../core/cards/card.ts'
import { toParentMessage } from '../core/cards/parent-message.ts'
import { toResult } from '../core/cards/result.ts'
import type { ResultArchive, Notification } from '../core/cards/notification.ts'
import type { JobView } from '#contract'
import { aCompletedView, aHugeView, aView } from '../testing/views.ts'
import { renderSlack } from './blocks.ts'
import { messageProblems } from './testing/check-message.ts'

function allNotificationsOf(view: JobView): Notification[] {
  const filename = view.archive?.filename ?? 'x.zip'
  const why = 'It is too large.'
  const archives: (ResultArchive | null)[] = [
    null,
    { at: 'message', filename },
    { at: 'thread', filename },
    { at: 'link', filename, url: 'https://example.com/jobs/1/archive', until: '1 December 2026', why },
    { at: 'api', filename, why },
    { at: 'nowhere', filename, why: 'It is no longer kept.' },
  ]
  return [
    { kind: 'parent-message', parent: toParentMessage(view, null) },
    { kind: 'parent-message', parent: toParentMessage(view, 'U1') },
    { kind: 'card', card: toCard(view) },
    ...archives.map((archive): Notification => ({ kind: 'result', result: toResult(view, 'U1', archive) })),
  ]
}

const problemsOf = (view: JobView) =>
  allNotificationsOf(view).flatMap((notification) =>
    renderSlack(notification).flatMap((message) => messageProblems(message)),
  )

const failure = (message: string) => ({ code: 'x', message, hint: message })

describe('every message to Slack', () => {
  test.each([
    ['waits', aView()],
    ['runs', aView({ state: 'active', progress: 40, stage: 'design' })],
    ['is completed', aCompletedView()],
    ['failed', aView({ state: 'failed', error: failure('It did not work.') })],
    ['failed at great length', aView({ state: 'failed', error: failure('because '.repeat(3_000)) })],
    ['was cancelled', aView({ state: 'cancelled' })],
    ['is as large as it can be', aHugeView()],
    ['is as large as it can be, in emoji', aHugeView('👩‍👩‍👧 ')],
    ['has nothing but spaces in it', aCompletedView({ prompt: ' ', report: null })],
  ])('is accepted by Slack when the job %s', (_when, view) => {
    expect(problemsOf(view)).toEqual([])
  })

  test('is accepted by Slack and notifies only the requester, no matter what users wrote', () => {
    const words = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 400 }),
      fc.constantFrom(
        '<!channel>',
        '<!here|x>',
        '<@U999>',
        '@everyone',
        '<https://evil.example|bank>',
        '\u202Eabc',
      ),
    )
    fc.assert(
      fc.property(words, words, (a, b) => {
        const view = aCompletedView({
          prompt: a,
          error: failure(b),
          report: { ...aCompletedView().report!, title: b, notUnderstood: [a, b], assumptions: [b] },
        })
        expect(problemsOf(view)).toEqual([])
        for (const notification of allNotificationsOf(view)) {
          for (const { text, blocks } of renderSlack(notification)) {
            expect(calls(text)).toEqual([])
            expect(markupOf(blocks).flatMap(calls)).toEqual([])
          }
        }
      }),
      { numRuns: 150 },
    )
  })

  test('shows the prompt as plain text', () => {
    const prompt = 'Ask <@U999>, @here & see https://evil.example *now*'
    const [rich, , bare] = renderSlack({
      kind: 'parent-message',
      parent: toParentMessage(aView({ prompt }), null),
    })
    // In rich text nothing is read as markup.
    expect(JSON.stringify(rich.blocks)).toContain(prompt)
    const shown = bare?.text.replaceAll('\u200B', '')
    expect(shown).toContain('Ask &lt;@U999&gt;, @here &amp; see https://evil.example *now*')
    expect(bare?.text).not.toMatch(/@here|https:\/\/|evil\.example/)
  })

  test('names the channel whose settings changed the job, and parses nothing else of them', () => {
    const settings = [['Model: <!channel> *x*', ', set for ', { channel: 'C1' }]]
    const versions = renderSlack({ kind: 'card', card: { ...toCard(aView()), settings } })
    for (const { text, blocks } of versions) expect(messageProblems({ text, blocks })).toEqual([])
    const shown = JSON.stringify(versions[0].blocks)
    expect(shown).toContain('set for <#C1>')
    expect(shown).not.toContain('<!channel>')
  })

  test('mentions nobody who does not want to be', () => {
    const versions = renderSlack({ kind: 'result', result: toResult(aCompletedView(), null, null) })
    expect(JSON.stringify(versions)).not.toMatch(/<@|user_id/)
    for (const { text, blocks } of versions) expect(messageProblems({ text, blocks })).toEqual([])
  })

  test('has the buttons that the app handles, with a confirmation before cancelling', () => {
    const view = aView()
    const [{ blocks }] = renderSlack({ kind: 'card', card: toCard(view) })
    expect(blocks.at(-1)).toMatchObject({
      type: 'actions',
      elements: [
        { action_id: 'cancel_job', value: view.jobId, confirm: { title: { text: 'Cancel this job?' } } },
        { action_id: 'job_details', value: view.jobId },
      ],
    })
    const result = toResult(aView({ state: 'failed' }), 'U1', null)
    const [{ blocks: ended }] = renderSlack({ kind: 'result', result })
    expect(ended.at(-1)).toMatchObject({
      elements: [{ action_id: 'retry_job' }, { action_id: 'job_details' }],
    })
  })

  test('falls back to no plans and rich text, and finally to no blocks', () => {
    for (const notification of allNotificationsOf(aCompletedView())) {
      const [, plain, bare] = renderSlack(notification)
      const types = plain?.blocks.map(({ type }) => type) ?? []
      expect(types.filter((type) => type === 'plan' || type === 'rich_text')).toEqual([])
      expect(bare?.blocks).toEqual([])
    }
  })
})

/** Mentions and links that Slack would make of markup; the requester and our own link are fine. */
function calls(text: string): string[] {
  const special = [...text.matchAll(/<[^>]*>/g)].map(([hit]) => hit)
  const ours = new Set(['<@U1>', '<https://example.com/jobs/1/archive|Download the archive>'])
  const bare = [...text.matchAll(/@(?:here|channel|everyone)\b/g)].map(([hit]) => hit)
  return [...special.filter((hit) => !ours.has(hit)), ...bare]
}

function markupOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(markupOf)
  if (typeof value !== 'object' || value === null) return []
  const { type, text } = value as { type?: unknown; text?: unknown }
  if (type === 'mrkdwn' && typeof text === 'string') return [text]
  return Object.values(value).flatMap(markupOf)
}
