import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { command, homeOpened, mention, press, submission } from '../bots/testing/slack/payloads.ts'
import { buttonsOf, post as sign, wordsOf } from '../bots/testing/slack/slack-world.ts'
import { EVERYTHING } from './support/everything.ts'
import { runToEnd } from './support/process.ts'
import { archive, temporaryFolder, view } from './support/service.ts'
import { openStory, PATIENCE, type Mode } from './support/slack-story.ts'

/** The text of each code block. */
function codeIn(content: unknown): string[] {
  if (Array.isArray(content)) return content.flatMap(codeIn)
  if (typeof content !== 'object' || content === null) return []
  if ('type' in content && content.type === 'rich_text_preformatted') return [wordsOf(content)]
  return Object.values(content).flatMap(codeIn)
}

// One service for each mode; every test has people of its own.
describe.each<Mode>(['socket', 'http'])('a day in Slack (%s)', (mode) => {
  let story: Awaited<ReturnType<typeof openStory>>
  beforeAll(async () => {
    story = await openStory(mode)
  }, 120_000)
  afterAll(() => story[Symbol.asyncDispose]())

  // Both ways end in the same listeners: each test runs over one of them, in the soak over both.
  it.each(
    mode === 'socket' || EVERYTHING
      ? ['from the command to the zip, with cancel, retry, details, Home and a next version']
      : [],
  )('%s', { timeout: 300_000 }, async () => {
    const { slack, world, model, send } = story
    model.close()
    let seen = world.seen.length

    // Two commands, each delivered twice; one worker, so that the second job waits.
    for (const [user, prompt] of [
      ['UANN', 'something for my shelves'],
      ['UBEN', 'shelves for Ben'],
    ] as const) {
      const delivery = command(prompt, { user, responseUrl: world.responseUrl() })
      for (let time = 0; time < 2; time++) await send('command', delivery)
      await story.jobsOf(user, 1)
    }
    const [ann] = await story.jobsOf('UANN', 1)
    const [ben] = await story.jobsOf('UBEN', 1)
    await model.asked(1)
    const bens = await story.card(ben!.jobId, 'Queued, next in line')
    const anns = await story.card(ann!.jobId, 'Design the backend')
    expect(anns.thread_ts).toBe(story.root(ann!.jobId)?.ts)

    // A stranger may not cancel, the requester may: while the model works.
    await send('interactive', press('cancel_job', ann!.jobId, { user: 'UEVE', threadTs: anns.thread_ts! }))
    expect((await story.answer(seen++)).words).toMatch(/Only +UANN +, who requested it, +can do that/)
    for (const words of ['Cancelled', 'already cancelled']) {
      await send('interactive', press('cancel_job', ann!.jobId, { user: 'UANN', threadTs: anns.thread_ts! }))
      expect((await story.answer(seen++)).words).toContain(words)
    }
    expect(await story.notified(ann!.jobId)).toMatchObject({ state: 'cancelled', archive: null })
    expect(buttonsOf(anns.blocks).map(({ action }) => action)).toEqual(['job_details'])
    const [cancelled] = story.resultsOf(ann!.jobId)
    expect(buttonsOf(cancelled?.blocks).map(({ action }) => action)).toEqual(['retry_job', 'job_details'])

    // Ben's card is edited while his job goes on, and at its end.
    await story.card(ben!.jobId, '◐ Design the backend')
    model.open()
    const done = await story.notified(ben!.jobId)
    expect(done).toMatchObject({ state: 'completed', delivery: { archive: 'upload' } })
    const edits = slack.callsOf('chat.update').filter(({ params }) => params['ts'] === bens.ts)
    expect(edits.length).toBeGreaterThan(1)
    expect(edits[0]?.params['text']).toContain('Building')
    expect(bens.text).toContain('Done')
    const [zip, ...others] = story.filesIn(bens.thread_ts!)
    expect(others).toEqual([])
    expect(zip?.bytes?.equals(await archive(story.url, ben!.jobId))).toBe(true)
    expect(slack.messages.filter(({ posted }) => posted.includes('UBEN'))).toEqual(
      story.resultsOf(ben!.jobId),
    )
    // Three messages: in the channel, the card, and the result with the archive.
    const ofBen = slack.messages.filter(({ ts, thread_ts: thread }) => [ts, thread].includes(bens.thread_ts!))
    expect(ofBen).toHaveLength(3)

    // Details: stages, checks and cost, a page at a time.
    await send('interactive', press('job_details', ben!.jobId, { user: 'UEVE' }))
    const pages = [await story.answer(seen++)]
    for (;;) {
      const next = pages.at(-1)!.buttons.find(({ action }) => action === 'next_page')
      if (next === undefined) break
      await send('interactive', press('next_page', next.value, { user: 'UEVE', modal: 'V1' }))
      pages.push(await story.answer(seen++))
    }
    const details = pages.map(({ words }) => words).join('\n')
    for (const part of ['Type-check, boot and test, done', 'tests passed', '1 call of gpt-4o'])
      expect(details).toContain(part)

    // The commands that people are shown work as written; what npm does there, the gates have seen.
    await using folder = await temporaryFolder('downloads')
    await writeFile(join(folder.path, done.archive!.filename), zip!.bytes!)
    const shown = pages.flatMap(({ content }) => codeIn(content).filter((code) => code.startsWith('unzip ')))
    expect(shown).toHaveLength(1)
    const [unzip, cd, ...npm] = shown[0]!.split('\n')
    expect(npm).toEqual(['npm ci', 'npm start'])
    const script = `${unzip} >&2 && ${cd} && cat package.json`
    const printed = await runToEnd('sh', ['-c', script], { cwd: folder.path })
    expect(JSON.parse(printed.slice(printed.indexOf('{\n')))).toHaveProperty('scripts.start')

    // Tried again in the thread, by a double click.
    const again = press('retry_job', ann!.jobId, { user: 'UANN', threadTs: anns.thread_ts! })
    for (let click = 0; click < 2; click++) await send('interactive', again)
    const [retried] = await story.jobsOf('UANN', 2)
    expect(await story.notified(retried!.jobId)).toMatchObject({ state: 'completed' })
    expect(story.filesIn(anns.thread_ts!)).toHaveLength(1)

    // A mention in that thread, delivered twice, is one next version of it.
    const wish = mention('books on shelves have a publisher', {
      user: 'UANN',
      threadTs: anns.thread_ts!,
      ts: '1700000000.000400',
    })
    for (let time = 0; time < 2; time++) await send('event', wish)
    const [second] = await story.jobsOf('UANN', 3)
    expect(await view(story.url, second!.jobId)).toMatchObject({ parent: retried!.jobId, version: 2 })
    expect((await story.card(second!.jobId, '')).thread_ts).toBe(anns.thread_ts)

    // Home has all of them.
    seen = world.seen.length
    await send('event', homeOpened('UANN'))
    const { buttons } = await story.answer(seen)
    expect(buttons.map(({ value }) => value)).toEqual(
      expect.arrayContaining([ann!.jobId, retried!.jobId, second!.jobId]),
    )
    // Its outcome is tested elsewhere; the only worker is needed by the next test.
    await fetch(`${story.url}/jobs/${second!.jobId}`, { method: 'DELETE' })
    expect(slack.problems).toEqual([])
  })

  it.each(mode === 'http' || EVERYTHING ? ['a form with a name, and a mention with a file of tables'] : [])(
    '%s',
    { timeout: 300_000 },
    async () => {
      const { world, model, send, slack } = story
      model.open()
      const seen = world.seen.length
      await send('command', command('', { user: 'UCAT', responseUrl: world.responseUrl() }))
      const form = (await world.nextShown(seen)).content
      expect(form['callback_id']).toBe('new_backend')
      const filled = submission(
        { prompt: 'shelves', name: 'Cat’s Shelves', auth: 'none' },
        { user: 'UCAT', metadata: String(form['private_metadata']), viewId: 'V1' },
      )
      for (let time = 0; time < 2; time++) await send('interactive', filled)

      const sql = 'create table shelf (id integer primary key, label text not null);'
      world.files.set('F1', { type: 'text/plain', bytes: Buffer.from(sql) })
      const files = [{ id: 'F1', name: 'a.sql', url_private_download: `${world.origin}/files/F1` }]
      const asked = mention('these shelves', { user: 'UDAN', files, ts: '1700000000.000500' })
      for (let time = 0; time < 2; time++) await send('event', asked)

      const [cat] = await story.jobsOf('UCAT', 1)
      const [dan] = await story.jobsOf('UDAN', 1)
      const requestOf = async (jobId: string) => (await fetch(`${story.url}/jobs/${jobId}/request`)).json()
      expect(await requestOf(cat!.jobId)).toMatchObject({ options: { name: 'Cat’s Shelves', auth: 'none' } })
      expect(await requestOf(dan!.jobId)).toMatchObject({ spec: sql })

      expect(await story.notified(dan!.jobId)).toMatchObject({ state: 'completed' })
      // In the thread of the message that asked, without a message of its own in the channel.
      expect(story.root(dan!.jobId)).toBeUndefined()
      const [zip] = story.filesIn('1700000000.000500')
      expect(zip?.bytes?.equals(await archive(story.url, dan!.jobId))).toBe(true)
      await story.notified(cat!.jobId)
      expect(slack.problems).toEqual([])
    },
  )

  if (mode === 'http')
    it('only signed, recent and new events are accepted', async () => {
      const { address } = story
      const delivery = command('something for my shelves', { user: 'UFAY' })
      const sent = async (over: object) =>
        (await sign(address, delivery, { kind: 'command', ...over })).status
      expect(await sent({ secret: '0'.repeat(32) })).toBe(401)
      expect(await sent({ at: Date.now() - 301_000 })).toBe(401)
      expect(await sent({ headers: { 'x-slack-signature': '' } })).toBe(401)
      const at = Date.now()
      expect(await sent({ at })).toBe(200)
      // The very same bytes again: Slack itself repeats deliveries, so that is no error, and no second job.
      expect(await sent({ at })).toBe(200)
      const [job] = await story.jobsOf('UFAY', 1)
      await vi.waitFor(() => expect(story.partsOf(job!.jobId, 'root')).toHaveLength(1), PATIENCE)
    })
})
