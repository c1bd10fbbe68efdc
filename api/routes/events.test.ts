import { createConnection } from 'node:net'
import { Problem, type JobView } from '#contract'
import { describe, expect, it } from 'vitest'
import { readApiConfig } from '../config.ts'
import { testApp, until } from '../testing/app.ts'
import { pushable, readEvents } from '../testing/events.ts'
import { jobId, viewOf } from '../testing/jobs.ts'
import type { ScriptStep } from '../testing/scripted.ts'

type Change = { id: string; view: JobView }
const url = `/jobs/${jobId}/events`
const waiting = viewOf()
const active = viewOf({ state: 'active', progress: 40 })
const cancelled = viewOf({ state: 'cancelled', progress: 40 })

const viewed = (view: JobView | null): ScriptStep => ({ 'jobs.view': async () => view })
/** Yields these changes; checks that it was asked for what comes after `after`. */
const followed = (changes: readonly Change[], after?: string): ScriptStep => ({
  'jobs.follow': async function* (id, options) {
    expect([id, options.after]).toEqual([jobId, after])
    yield* changes
  },
})
/** An event source that the test controls, once a client follows. */
function live() {
  const box: { feed?: ReturnType<typeof pushable<Change>>; signal?: AbortSignal } = {}
  const step: ScriptStep = {
    'jobs.follow': (_id, { signal }) => {
      box.signal = signal
      return (box.feed = pushable<Change>(signal))
    },
  }
  return { box, step }
}

describe('GET /jobs/:jobId/events', () => {
  it('tells the current state, every change, and the end', async () => {
    const changes = [
      { id: '1-0', view: waiting },
      { id: '2-0', view: active },
      { id: '3-0', view: cancelled },
    ]
    await using test = await testApp([viewed(waiting), followed(changes)])
    const reply = await fetch((await test.listen()) + url)
    expect(reply.status).toBe(200)
    expect(reply.headers.get('content-type')).toBe('text/event-stream')
    expect(reply.headers.get('cache-control')).toBe('no-store, no-transform')
    expect(await Array.fromAsync(readEvents(reply))).toEqual([
      { name: 'snapshot', id: '1-0', view: waiting },
      { name: 'change', id: '2-0', view: active },
      { name: 'end', id: '3-0.end', view: cancelled },
    ])
  })

  it('takes so many streams of one caller and no more, until one is closed', async () => {
    const config = readApiConfig({ LIMIT_KEY_STREAMS_AT_ONCE: '2' })
    const [first, second, third] = [live(), live(), live()]
    const steps = [viewed(active), first.step, viewed(active), second.step, viewed(active), viewed(active)]
    await using test = await testApp([...steps, third.step], { config })
    const base = await test.listen()
    const gone = new AbortController()
    await fetch(base + url, { signal: gone.signal })
    const held = await fetch(base + url)
    const refused = await fetch(base + url)
    expect(refused.status).toBe(429)
    expect(refused.headers.get('retry-after')).toBe('10')
    expect(Problem.parse(await refused.json()).error).toMatchObject({
      code: 'too_many_streams',
      message:
        'Your address has 2 event streams open; the limit is 2. Close one, or poll GET /jobs/{jobId} instead.',
    })
    gone.abort()
    await until(() => first.box.signal?.aborted === true)
    const next = await fetch(base + url)
    expect(next.status).toBe(200)
    for (const { box } of [second, third]) box.feed?.push({ id: '3-0', view: cancelled })
    await Promise.all([held.text(), next.text()])
  })

  it('is in the form that an EventSource reads', async () => {
    await using test = await testApp([viewed(active), followed([{ id: '2-0', view: active }])])
    const reply = await test.app.inject(url)
    expect(reply.body).toBe(`retry: 2000\n\nevent: snapshot\nid: 2-0\ndata: ${JSON.stringify(active)}\n\n`)
  })

  it('tells a change when it happens', async () => {
    const { box, step } = live()
    await using test = await testApp([viewed(waiting), step])
    const events = readEvents(await fetch((await test.listen()) + url))
    box.feed?.push({ id: '1-0', view: waiting })
    expect((await events.next()).value).toMatchObject({ name: 'snapshot' })
    box.feed?.push({ id: '2-0', view: active })
    expect((await events.next()).value).toMatchObject({ name: 'change', id: '2-0' })
    box.feed?.push({ id: '3-0', view: cancelled })
    expect((await events.next()).value).toMatchObject({ name: 'end', id: '3-0.end' })
    expect((await events.next()).done).toBe(true)
  })

  it('gives a job that has ended as a snapshot and an end', async () => {
    await using test = await testApp([viewed(cancelled), followed([{ id: '3-0', view: cancelled }])])
    const events = await Array.fromAsync(readEvents(await fetch((await test.listen()) + url)))
    expect(events.map(({ name, id }) => [name, id])).toEqual([
      ['snapshot', null],
      ['end', '3-0.end'],
    ])
  })

  it('never sends more of a job than its view', async () => {
    const leaky = { ...active, secret: 'x' }
    await using test = await testApp([viewed(active), followed([{ id: '2-0', view: leaky }])])
    expect((await test.app.inject(url)).body).not.toContain('secret')
  })

  it('does not start for an unknown job', async () => {
    await using test = await testApp([viewed(null)])
    const reply = await test.app.inject(url)
    expect(reply.statusCode).toBe(404)
    expect(Problem.parse(reply.json()).error.code).toBe('job_not_found')
  })

  it('answers HEAD without following', async () => {
    await using test = await testApp([viewed(active)])
    const reply = await test.app.inject({ method: 'HEAD', url })
    expect(reply.statusCode).toBe(200)
    expect(reply.headers['content-type']).toBe('text/event-stream')
  })

  it('gives a sign of life while nothing happens', async () => {
    const { step } = live()
    await using test = await testApp([viewed(waiting), step], { heartbeatMs: 10 })
    const reader = (await fetch((await test.listen()) + url)).body!.getReader()
    let text = ''
    while (text.split(': still here\n\n').length < 4)
      text += new TextDecoder().decode((await reader.read()).value)
    expect(text).toMatch(/^retry: 2000\n\n(: still here\n\n){3}/)
    await reader.cancel()
  })
})

describe('a reader that comes back', () => {
  it.each<[what: string, query: string, headers: Record<string, string>]>([
    ['with the header', '', { 'last-event-id': '2-0' }],
    ['with the parameter', '?lastEventId=2-0', {}],
    ['with both, of which the header is newer', '?lastEventId=1-0', { 'last-event-id': '2-0' }],
  ])('%s gets what it has not seen', async (_what, query, headers) => {
    await using test = await testApp([viewed(active), followed([{ id: '3-0', view: cancelled }], '2-0')])
    const events = await Array.fromAsync(
      readEvents(await fetch((await test.listen()) + url + query, { headers })),
    )
    expect(events).toEqual([{ name: 'end', id: '3-0.end', view: cancelled }])
  })

  it('reconnecting after the end is answered with 204, without reading the queue', async () => {
    await using test = await testApp([viewed(cancelled)])
    const reply = await test.app.inject({ url, headers: { 'last-event-id': '3-0.end' } })
    expect(reply.statusCode).toBe(204)
    expect(reply.body).toBe('')
    expect(reply.headers['content-type']).toBeUndefined()
  })

  it('is answered with 204 too when it received the last change elsewhere', async () => {
    await using test = await testApp([viewed(cancelled), followed([], '3-0')])
    expect((await test.app.inject({ url, headers: { 'last-event-id': '3-0' } })).statusCode).toBe(204)
  })

  it('before the end of a job that ended meanwhile gets the rest', async () => {
    const rest = [
      { id: '2-0', view: active },
      { id: '3-0', view: cancelled },
    ]
    await using test = await testApp([viewed(cancelled), followed(rest, '1-0')])
    const reply = await test.app.inject({ url, headers: { 'last-event-id': '1-0' } })
    expect(reply.body.match(/^event: .*$/gm)).toEqual(['event: change', 'event: end'])
  })

  it.each(['nonsense', '-', '99999999999999999999-0', '1-0; DROP', '', '1-0.END'])(
    'with an id that is none of ours starts from the current state: %j',
    async (id) => {
      await using test = await testApp([viewed(active), followed([{ id: '2-0', view: active }])])
      const reply = await test.app.inject({ url, headers: { 'last-event-id': id } })
      expect(reply.body).toContain('event: snapshot')
    },
  )
})

describe('the end of a connection', () => {
  it('ends the follower when the client leaves', async () => {
    const { box, step } = live()
    await using test = await testApp([viewed(waiting), step])
    const leave = new AbortController()
    await fetch((await test.listen()) + url, { signal: leave.signal })
    expect(box.signal?.aborted).toBe(false)
    leave.abort()
    await until(() => box.signal?.aborted === true)
    expect(box.signal?.aborted).toBe(true)
  })

  it('comes cleanly when the follower fails, so that the client tries again; the log says why', async () => {
    const log: string[] = []
    const failing: ScriptStep = {
      'jobs.follow': async function* () {
        yield { id: '2-0', view: active }
        throw new Error('Connection is closed.')
      },
    }
    await using test = await testApp([viewed(active), failing], { log })
    const events = await Array.fromAsync(readEvents(await fetch((await test.listen()) + url)))
    expect(events.map(({ name }) => name)).toEqual(['snapshot'])
    expect(log.join('')).toContain('event stream failed')
  })

  it('does not read ahead of a client that does not read', async () => {
    let taken = 0
    const big = viewOf({ state: 'active', prompt: 'x'.repeat(20_000) })
    const fast: ScriptStep = {
      'jobs.follow': async function* (_id, { signal }) {
        while (!signal.aborted && taken < 5_000) yield { id: `${++taken}-0`, view: big }
      },
    }
    await using test = await testApp([viewed(active), fast], { heartbeatMs: 5 })
    const { port } = new URL(await test.listen())
    const socket = createConnection(Number(port), '127.0.0.1')
    socket.pause()
    socket.write(`GET ${url} HTTP/1.1\r\nHost: localhost\r\n\r\n`)
    let before = -1
    await until(() => {
      const stopped = taken > 0 && taken === before
      before = taken
      return stopped
    })
    expect(taken).toBeLessThan(1_000)
    socket.destroy()
  })

  it('comes promptly when the server closes, for those who read and those who do not', async () => {
    const first = live()
    const second = live()
    await using test = await testApp([viewed(waiting), first.step, viewed(waiting), second.step])
    const origin = await test.listen()
    const reading = fetch(origin + url).then((reply) => reply.text())
    await until(() => first.box.feed !== undefined)
    const deaf = createConnection(Number(new URL(origin).port), '127.0.0.1')
    deaf.on('error', () => {})
    deaf.pause()
    deaf.write(`GET ${url} HTTP/1.1\r\nHost: localhost\r\n\r\n`)
    await until(() => second.box.feed !== undefined)
    const big = viewOf({ state: 'active', prompt: 'x'.repeat(20_000) })
    for (let i = 0; i < 1_000; i++) second.box.feed?.push({ id: `${i}-0`, view: big })

    const started = performance.now()
    await test.app.close()
    expect(await reading).toBe('retry: 2000\n\n')
    expect([first.box.signal?.aborted, second.box.signal?.aborted]).toEqual([true, true])
    expect(performance.now() - started).toBeLessThan(15_000)
    deaf.destroy()
  })
})
