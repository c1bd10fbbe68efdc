import type { JobOutcome } from '#contract'
import { limitToBytes, makeArchiveCheck } from '#store/archive-check'
import type { JobStore } from '#store/job-store'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { RequestError } from '../http/errors.ts'
import { attachment } from '../http/content-disposition.ts'
import { matchesTag, parseRange } from '../http/range.ts'
import { jobNotFound } from '../http/validate.ts'
import { JobParams, UNKNOWN_JOB, problems, type App, type RouteDeps } from './shared.ts'

const URL = '/jobs/:jobId/archive'

/** Query of a signed link, which replaces an API key. */
const Proof = z.object({
  expires: z.string('expires must be given once.').optional().describe('Expiry of the signed link.'),
  signature: z.string('signature must be given once.').optional().describe('Signature of the signed link.'),
})

/** `GET /jobs/:jobId/archive`: the zip. Needs the store alone, so it works while the queue is down. */
export function archiveRoute(app: App, { store }: RouteDeps): void {
  const deps = { store, check: makeArchiveCheck(store) }
  const zip = { 'application/zip': { schema: z.string().meta({ format: 'binary' }) } }
  app.route({
    method: 'GET',
    url: URL,
    config: { access: 'link' },
    // HEAD is handled separately: it returns the length without opening the archive.
    exposeHeadRoute: false,
    schema: {
      operationId: 'downloadArchive',
      summary: 'Download the archive',
      description: 'Supports `Range`, `If-Range` and `If-None-Match`; the `ETag` is the SHA-256 of the zip.',
      tags: ['Jobs'],
      params: JobParams,
      querystring: Proof,
      response: {
        200: { description: 'The complete zip.', content: zip },
        206: { description: 'The requested range.', content: zip },
        302: z.undefined().describe('Redirects to the archive in the store.'),
        304: z.undefined().describe('Not modified.'),
        ...problems({
          403: 'The link is expired or invalid.',
          404: UNKNOWN_JOB,
          409: 'No archive: the job has not finished, failed or was cancelled.',
          410: 'The archive or the job has expired.',
          416: 'The range is not satisfiable.',
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
      `The range is not satisfiable: the archive has ${bytes} bytes.`,
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
  // Verified before the first byte, so that a damaged archive is never sent.
  const state = await check(jobId, archive)
  if (state === 'damaged') {
    request.log.error({ jobId }, 'stored archive does not match its hash')
    throw new RequestError(
      500,
      'archive_damaged',
      'The stored archive is damaged. Generate the backend again.',
    )
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
  new RequestError(410, 'archive_gone', 'The archive has expired. Generate the backend again.')

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
          `The archive expired at ${outcome.archive.expiredAt}. To generate it again, resend the request from /jobs/${jobId}/request.`,
        )
      return outcome.archive
    case 'failed':
      throw new RequestError(
        409,
        'job_failed',
        `The job failed and has no archive: ${outcome.failure.message} See /jobs/${jobId}.`,
      )
    case 'cancelled':
      throw new RequestError(
        409,
        'job_cancelled',
        `The job was cancelled and has no archive. See /jobs/${jobId}.`,
      )
    case undefined:
      throw new RequestError(
        409,
        'job_not_finished',
        `The job has not finished: poll /jobs/${jobId} or follow /jobs/${jobId}/events until it is completed.`,
      )
  }
}
