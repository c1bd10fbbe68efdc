import { describe, expect, it } from 'vitest'
import { mapQueueErrors } from '#queue/map-queue-errors'
import { StoreUnavailableError } from '#store/errors'
import { RequestError, errorForLog, toLateBodyError, toProblem, toHttpError } from './errors.ts'

const withCode = (code: string, message = 'x') => Object.assign(new Error(message), { code })
const named = (name: string, message = 'x') => Object.assign(new Error(message), { name })

describe('the response for an error', () => {
  it('repeats a refusal of ours, word for word', () => {
    const error = new RequestError(409, 'job_failed', 'The job failed.', [{ path: 'a', message: 'b' }])
    expect(toHttpError(error)).toMatchObject({ status: 409, code: 'job_failed', unexpected: false })
    expect(toProblem(toHttpError(error), 'r1')).toEqual({
      error: {
        code: 'job_failed',
        message: 'The job failed.',
        details: [{ path: 'a', message: 'b' }],
        requestId: 'r1',
      },
    })
  })

  it('distinguishes an unavailable store from an unavailable queue', async () => {
    const away = new StoreUnavailableError('The bucket could not read: ECONNREFUSED.', {
      cause: withCode('ECONNREFUSED'),
    })
    const passed: unknown = await mapQueueErrors(Promise.reject(away)).catch((error: unknown) => error)
    expect(toHttpError(passed)).toMatchObject({ status: 503, code: 'storage_unavailable', retryAfter: 5 })
  })

  it.each([
    ['no connection', withCode('ECONNREFUSED')],
    ['a connection that broke', withCode('ECONNRESET')],
    ['the queue saying so', withCode('queue_unavailable')],
    ['too many attempts', named('MaxRetriesPerRequestError')],
    ['a closed connection', new Error('Connection is closed.')],
    ['no offline queue', new Error("Stream isn't writeable and enableOfflineQueue options is false")],
    ['a slow answer', new Error('Command timed out')],
    ['a Redis that starts', named('ReplyError', 'LOADING Redis is loading the dataset in memory')],
    ['a Redis without room', named('ReplyError', "OOM command not allowed when used memory > 'maxmemory'.")],
    ['a replica', named('ReplyError', "READONLY You can't write against a read only replica.")],
    ['a cause that says so', new Error('cannot add the job', { cause: withCode('EPIPE') })],
    ['one of several that says so', new AggregateError([new Error('y'), withCode('ETIMEDOUT')])],
  ])('asks to come back when the queue is down: %s', (_what, error) => {
    expect(toHttpError(error)).toMatchObject({
      status: 503,
      code: 'queue_unavailable',
      retryAfter: 5,
      message: 'The queue is unavailable. Try again in a few seconds.',
    })
  })

  it('responds with Retry-After when the disk is full', () => {
    expect(toHttpError(withCode('ENOSPC'))).toMatchObject({
      status: 503,
      code: 'storage_unavailable',
      retryAfter: 5,
    })
  })

  it.each([
    ['a bug', new TypeError('x is not a function at /srv/app/secret.ts')],
    ['a rejected script', named('ReplyError', 'ERR wrong number of arguments')],
    ['no error at all', 'secret'],
    ['a cause that is its own cause', loop()],
  ])('hides what it did not foresee: %s', (_what, error) => {
    const refusal = toHttpError(error)
    expect(refusal).toMatchObject({ status: 500, code: 'internal_error', unexpected: true })
    expect(refusal.message).toBe('Internal server error. It was logged with this request ID.')
  })

  it('logs an error and its causes without the arguments of a Redis command', () => {
    const reply = Object.assign(new Error('ERR no'), {
      command: { name: 'set', args: ['key', 'a private prompt'] },
    })
    const logged = JSON.stringify(errorForLog(new Error('outer', { cause: reply })))
    expect(logged).toContain('ERR no')
    expect(logged).not.toContain('a private prompt')
  })
})

function loop(): Error {
  const error = new Error('round and round')
  error.cause = error
  return error
}

describe('an answer that took too long', () => {
  const late = Object.assign(new Error('late'), { code: 'FST_ERR_HANDLER_TIMEOUT' })

  it('is the sender’s fault where the body did not come, and ours elsewhere', () => {
    expect(toHttpError(toLateBodyError(late, false))).toMatchObject({ status: 408, code: 'request_timeout' })
    expect(toHttpError(toLateBodyError(late, true))).toMatchObject({ status: 503, code: 'timed_out' })
    const other = new Error('something else')
    expect(toLateBodyError(other, false)).toBe(other)
  })
})
