import { createHash } from 'node:crypto'
import { get } from 'node:http'
import { describe, expect, it } from 'vitest'
import { links, testApp, until } from '../testing/app.ts'
import { completed, jobId, record } from '../testing/jobs.ts'
import type { ScriptStep } from '../testing/scripted.ts'

const zip = Buffer.from('PK\u0003\u0004 a zip, as far as anyone here can tell')
const sha256 = createHash('sha256').update(zip).digest('hex')
const archive = { filename: 'todo-api.zip', bytes: zip.length, sha256 }
const url = `/jobs/${jobId}/archive`

const finished: ScriptStep = { 'store.readOutcome': async () => completed(archive) }
const notLinked: ScriptStep = { 'store.archiveLink': async () => null }
const opened: ScriptStep = {
  ...notLinked,
  'store.openArchive': async (id, range) => {
    expect(id).toBe(jobId)
    return new Blob([range ? zip.subarray(range.start, range.end + 1) : zip]).stream()
  },
}

/** What is stored is looked at, once for its length and once for its hash. */
const stat: ScriptStep = { 'store.statArchive': async () => ({ bytes: zip.length, version: '1' }) }
const read: ScriptStep = { 'store.openArchive': async () => new Blob([zip]).stream() }
const intact = [finished, stat, read]

describe('GET /jobs/:jobId/archive', () => {
  it('sends the zip under its name, with its length and its hash', async () => {
    await using test = await testApp([...intact, opened])
    const reply = await test.app.inject(url)
    expect(reply.statusCode).toBe(200)
    expect(reply.rawPayload).toEqual(zip)
    expect(reply.headers).toMatchObject({
      'content-type': 'application/zip',
      'content-disposition': 'attachment; filename="todo-api.zip"',
      'content-length': String(zip.length),
      etag: `"${sha256}"`,
      'accept-ranges': 'bytes',
      'cache-control': 'private, no-cache',
    })
  })

  it('answers HEAD with the same headers', async () => {
    await using test = await testApp(intact)
    const origin = await test.listen()
    const reply = await fetch(origin + url, { method: 'HEAD' })
    expect(reply.status).toBe(200)
    expect(reply.headers.get('content-length')).toBe(String(zip.length))
    expect(reply.headers.get('etag')).toBe(`"${sha256}"`)
    expect(await reply.text()).toBe('')
  })

  it.each([
    ['bytes=0-1', 0, 1],
    ['bytes=-4', zip.length - 4, zip.length - 1],
    ['bytes=10-', 10, zip.length - 1],
  ])('sends a part: %s', async (range, start, end) => {
    await using test = await testApp([...intact, opened])
    const reply = await test.app.inject({ url, headers: { range } })
    expect(reply.statusCode).toBe(206)
    expect(reply.rawPayload).toEqual(zip.subarray(start, end + 1))
    expect(reply.headers['content-range']).toBe(`bytes ${start}-${end}/${zip.length}`)
    expect(reply.headers['content-length']).toBe(String(end - start + 1))
  })

  it('refuses a part that does not exist', async () => {
    await using test = await testApp([finished])
    const reply = await test.app.inject({ url, headers: { range: 'bytes=100000-' } })
    expect(reply.statusCode).toBe(416)
    expect(reply.headers['content-range']).toBe(`bytes */${zip.length}`)
    expect(reply.headers['content-disposition']).toBeUndefined()
    expect(reply.json().error.code).toBe('range_not_satisfiable')
  })

  it('resumes a download only of the same archive', async () => {
    await using test = await testApp([...intact, opened, finished, stat, opened])
    const same = await test.app.inject({ url, headers: { range: 'bytes=2-', 'if-range': `"${sha256}"` } })
    const other = await test.app.inject({ url, headers: { range: 'bytes=2-', 'if-range': '"other"' } })
    expect([same.statusCode, other.statusCode]).toEqual([206, 200])
    expect(other.rawPayload).toEqual(zip)
  })

  it('redirects to a presigned link of an intact archive', async () => {
    const linked: ScriptStep = {
      'store.archiveLink': async (_id, disposition) => {
        expect(disposition).toBe('attachment; filename="todo-api.zip"')
        return 'https://bucket.example/archive.zip?X-Amz-Signature=1'
      },
    }
    await using test = await testApp([...intact, linked])
    const reply = await test.app.inject(url)
    expect(reply.statusCode).toBe(302)
    expect(reply.headers).toMatchObject({
      location: 'https://bucket.example/archive.zip?X-Amz-Signature=1',
      'cache-control': 'private, no-store',
    })
  })

  it('responds with 304 to a client that has the archive', async () => {
    await using test = await testApp([finished])
    const reply = await test.app.inject({ url, headers: { 'if-none-match': `W/"${sha256}"` } })
    expect(reply.statusCode).toBe(304)
    expect(reply.body).toBe('')
    expect(reply.headers.etag).toBe(`"${sha256}"`)
  })

  it('closes the archive when the client disconnects', async () => {
    let letGo = false
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(new Uint8Array(64 * 1024)),
      cancel: () => {
        letGo = true
      },
    })
    const large = zip.toString().repeat(400_000)
    const hash = createHash('sha256').update(large).digest('hex')
    await using test = await testApp([
      { 'store.readOutcome': async () => completed({ ...archive, bytes: large.length, sha256: hash }) },
      { 'store.statArchive': async () => ({ bytes: large.length, version: '1' }) },
      { 'store.openArchive': async () => new Blob([large]).stream() },
      notLinked,
      { 'store.openArchive': async () => endless },
    ])
    const origin = await test.listen()
    await new Promise<void>((resolve, reject) => {
      const request = get(origin + url, (response) => {
        response.once('data', () => {
          request.destroy()
          resolve()
        })
      })
      request.once('error', reject)
    })
    await until(() => letGo)
    expect(letGo).toBe(true)
  })

  it('breaks the connection off when the archive is shorter than expected a moment ago', async () => {
    const short: ScriptStep = { 'store.openArchive': async () => new Blob([zip.subarray(0, 9)]).stream() }
    await using test = await testApp([...intact, notLinked, short])
    const origin = await test.listen()
    await expect(fetch(origin + url).then((reply) => reply.arrayBuffer())).rejects.toThrow(
      /terminated|fetch failed/,
    )
  })

  it.each<[what: string, steps: ScriptStep[]]>([
    [
      'other bytes',
      [stat, { 'store.openArchive': async () => new Blob([zip.toString().toUpperCase()]).stream() }],
    ],
    ['fewer bytes', [{ 'store.statArchive': async () => ({ bytes: zip.length - 1, version: '1' }) }]],
  ])('sends nothing of an archive that has %s than its hash says', async (_what, steps) => {
    for (const headers of [{}, { range: 'bytes=0-1' }]) {
      await using test = await testApp([finished, ...steps])
      const reply = await test.app.inject({ url, headers })
      expect(reply.statusCode).toBe(500)
      expect(reply.json().error).toMatchObject({ code: 'archive_damaged' })
    }
  })

  it('breaks the connection off when the store fails half-way, so that nobody takes a part for the whole', async () => {
    const broken = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(zip.subarray(0, 4)),
      pull: () => {
        throw new Error('the disk is gone')
      },
    })
    await using test = await testApp([...intact, notLinked, { 'store.openArchive': async () => broken }])
    const origin = await test.listen()
    await expect(fetch(origin + url).then((reply) => reply.arrayBuffer())).rejects.toThrow(
      /terminated|fetch failed/,
    )
  })
})

describe('without an archive', () => {
  it.each<[what: string, steps: ScriptStep[], status: number, code: string, message: string]>([
    [
      'an unknown job',
      [{ 'store.readOutcome': async () => null }, { 'store.readRecord': async () => null }],
      404,
      'job_not_found',
      'Job not found. Use a job ID returned by POST /generate-backend.',
    ],
    [
      'a job that goes on',
      [{ 'store.readOutcome': async () => null }, { 'store.readRecord': async () => record }],
      409,
      'job_not_finished',
      `The job has not finished: poll /jobs/${jobId} or follow /jobs/${jobId}/events until it is completed.`,
    ],
    [
      'a failed job',
      [
        {
          'store.readOutcome': async () => ({
            state: 'failed',
            finishedAt: record.createdAt,
            startedAt: null,
            percent: 10,
            stage: 'design',
            steps: [],
            failure: { code: 'design_failed', message: 'The prompt names nothing to store.' },
            report: null,
          }),
        },
      ],
      409,
      'job_failed',
      `The job failed and has no archive: The prompt names nothing to store. See /jobs/${jobId}.`,
    ],
    [
      'a cancelled job',
      [
        {
          'store.readOutcome': async () => ({
            state: 'cancelled',
            finishedAt: record.createdAt,
            startedAt: null,
            percent: 10,
            stage: 'design',
            steps: [],
          }),
        },
      ],
      409,
      'job_cancelled',
      `The job was cancelled and has no archive. See /jobs/${jobId}.`,
    ],
    [
      'an archive that was thrown away',
      [finished, { 'store.statArchive': async () => null }],
      410,
      'archive_gone',
      'The archive has expired. Generate the backend again.',
    ],
  ])('%s', async (_what, steps, status, code, message) => {
    await using test = await testApp(steps)
    const reply = await test.app.inject(url)
    expect(reply.statusCode).toBe(status)
    expect(reply.json().error).toMatchObject({ code, message })
    expect(reply.headers['content-type']).toBe('application/json; charset=utf-8')
  })
})

describe('a signed link to an archive', () => {
  it('opens it', async () => {
    await using test = await testApp([...intact, opened])
    const reply = await test.app.inject(links.sign(url, new Date(Date.now() + 60_000)))
    expect(reply.statusCode).toBe(200)
    expect(reply.rawPayload).toEqual(zip)
  })

  it('that has run out says since when', async () => {
    await using test = await testApp([])
    const reply = await test.app.inject(links.sign(url, new Date('2026-01-01T00:00:00Z')))
    expect(reply.statusCode).toBe(403)
    expect(reply.json().error).toMatchObject({
      code: 'link_expired',
      message: expect.stringContaining('This link expired at 2026-01-01T00:00:00.000Z.'),
    })
  })

  it('that was changed opens nothing', async () => {
    await using test = await testApp([])
    const link = links.sign(url, new Date(Date.now() + 60_000))
    for (const bad of [link.slice(0, -1), link.replace('expires=', 'expires=9'), `${url}?expires=1`]) {
      expect((await test.app.inject({ method: 'HEAD', url: bad })).statusCode).toBe(403)
      const reply = await test.app.inject(bad)
      expect(reply.statusCode).toBe(403)
      expect(reply.json().error.code).toBe('link_invalid')
    }
  })

  it('leaves no trace in the log', async () => {
    const log: string[] = []
    await using test = await testApp([...intact, opened], { log })
    await test.app.inject(links.sign(url, new Date(Date.now() + 60_000)))
    await until(() => log.some((line) => line.includes('request completed')))
    expect(log.join('')).not.toContain('signature')
  })
})
