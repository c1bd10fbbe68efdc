import type { JobOutcome } from '#contract'
import { limitToBytes, makeArchiveCheck } from '#store/archive-check'
import type { JobStore } from '#store/job-store'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { RequestError } from '../errors.ts'
import { attachment } from './http/content-disposition.ts'
import { matchesTag, parseRange } from './http/range.ts'
import { jobNotFound } from './http/validate.ts'
import { JobParams, UNKNOWN_JOB, problems, type App, type RouteDeps } from './shared.ts'

const URL = '/jobs/:jobId/archive'

/** Of a signed link, which needs no key. */
const Proof = z.object({
  expires: z.string('expires must be given once.').optional().describe('Of a signed link: when it runs out.'),
  signature: z.string('signature must be given once.').optional().describe('Of a signed link.'),
})

/** `GET /jobs/:jobId/archive`: the zip. Needs the store alone, so it works while the queue is down. */
export function archiveRoute(app: App, { store }: RouteDeps): void {
  const deps = { store, check: makeArchiveCheck(store) }
  const zip = { 'application/zip': { schema: z.string().meta({ format: 'binary' }) } }
  app.route({
    method: 'GET',
    url: URL,
    config: { access: 'link' },
    // Its own HEAD below: it tells the length without opening the archive.
    exposeHeadRoute: false,
    schema: {
      operationId: 'downloadArchive',
      summary: 'Download the archive',
      description: 'Takes `Range`, `If-Range` and `If-None-Match`; the `ETag` is the SHA-256 of the zip.',
      tags: ['Jobs'],
      params: JobParams,
      querystring: Proof,
      response: {
        200: { description: 'The whole zip.', content: zip },
        206: { description: 'The range that was asked for.', content: zip },
        302: z.undefined().describe('The archive is in the store itself, at the address in `Location`.'),
        304: z.undefined().describe('You have it already.'),
        ...problems({
          403: 'The link has run out, or it was not given out here.',
          404: UNKNOWN_JOB,
          409: 'There is no archive: the job has not ended, failed or was cancelled.',
          410: 'The archive is no longer kept, or nothing of the job is.',
          416: 'The range lies outside of the archive.',
        }),
      },
    },
    handler: async (request, reply) => sendArchive(deps, request.params.jobId, request, reply),
  })
  app.route({
    method: 'HEAD',
    url: URL,
    config: { access: 'link' },
    schema: { hide: true, params: JobParams, querystring: Proof },
    handler: async (request, reply) => sendArchive(deps, request.params.jobId, request, reply),
  })
}

type Deps = {
  readonly store: JobStore
  readonly check: ReturnType<typeof makeArchiveCheck>
}

async function sendArchive(
  { store, check }: Deps,
  jobId: string,
  request: FastifyRequest,
  reply: FastifyReply,
) {
  const archive = archiveOf(jobId, await readOutcome(store, jobId))
  const { filename, bytes, sha256 } = archive
  const tag = `"${sha256}"`
  const validators = { etag: tag, 'cache-control': 'private, no-cache', 'accept-ranges': 'bytes' }
  if (matchesTag(request.headers['if-none-match'], tag)) return reply.code(304).headers(validators).send()

  const ifRange = request.headers['if-range']
  const stale = ifRange !== undefined && ifRange !== tag
  const range = request.method === 'HEAD' || stale ? 'all' : parseRange(request.headers.range, bytes)
  if (range === 'unsatisfiable') {
    reply.header('content-range', `bytes */${bytes}`)
    throw new RequestError(
      416,
      'range_not_satisfiable',
      `The archive has ${bytes} bytes; the range lies outside of it.`,
    )
  }
  const { start, end } = range === 'all' ? { start: 0, end: bytes - 1 } : range
  const headers = {
    ...validators,
    'content-type': 'application/zip',
    'content-disposition': attachment(filename),
    'content-length': String(end - start + 1),
    ...(range !== 'all' && { 'content-range': `bytes ${start}-${end}/${bytes}` }),
  }
  // Before the first byte: a damaged archive is answered with an error and never sent.
  const state = await check(jobId, archive)
  if (state === 'damaged') {
    request.log.error({ jobId }, 'the stored archive is not what its hash says; it is not sent')
    throw new RequestError(500, 'archive_damaged', 'The stored archive is damaged. Generate it again.')
  }
  if (state === 'gone') throw archiveGone()
  if (request.method === 'HEAD') return reply.headers(headers).send()

  const link = await store.archiveLink(jobId, headers['content-disposition'])
  if (link !== null) return reply.header('cache-control', 'private, no-store').redirect(link, 302)
  const stream = await store.openArchive(jobId, range === 'all' ? undefined : range)
  if (!stream) throw archiveGone()
  return reply
    .code(range === 'all' ? 200 : 206)
    .headers(headers)
    .send(stream.pipeThrough(limitToBytes(end - start + 1)))
}

const archiveGone = () =>
  new RequestError(410, 'archive_gone', 'The archive is no longer kept. Generate it again.')

async function readOutcome(store: JobStore, jobId: string): Promise<JobOutcome | null> {
  const outcome = await store.readOutcome(jobId)
  if (!outcome && !(await store.readRecord(jobId))) throw jobNotFound()
  return outcome
}

function archiveOf(jobId: string, outcome: JobOutcome | null) {
  switch (outcome?.state) {
    case 'completed':
      if (outcome.archive.expiredAt !== undefined)
        throw new RequestError(
          410,
          'archive_expired',
          `The archive was kept until ${outcome.archive.expiredAt} and is gone. What was asked for is at /jobs/${jobId}/request: send it again to get a new one.`,
        )
      return outcome.archive
    case 'failed':
      throw new RequestError(
        409,
        'job_failed',
        `The job failed and made no archive: ${outcome.failure.message} See /jobs/${jobId}.`,
      )
    case 'cancelled':
      throw new RequestError(
        409,
        'job_cancelled',
        `The job was cancelled and made no archive. See /jobs/${jobId}.`,
      )
    case undefined:
      throw new RequestError(
        409,
        'job_not_finished',
        `The job has not finished: watch /jobs/${jobId}, or follow /jobs/${jobId}/events, until it is completed.`,
      )
  }
}
