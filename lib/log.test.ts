import { describe, expect, test } from 'vitest'
import { addLogFields, withLogFields } from './log-fields.ts'
import { makeLog, type LogOptions } from './log.ts'
import { findSecrets } from './redact.ts'

function open(options: Partial<LogOptions> = {}) {
  const lines: string[] = []
  const log = makeLog({ level: 'trace', ...options, destination: { write: (line) => void lines.push(line) } })
  return { log, lines, last: () => JSON.parse(lines.at(-1)!) as Record<string, unknown> }
}

describe('a line of the log', () => {
  test('says what it is about, however deep it is written', async () => {
    const { log, last } = open()
    await withLogFields({ jobId: 'j1', requestId: 'r1' }, async () => {
      await new Promise((resolve) => setTimeout(resolve, 1))
      addLogFields({ stage: 'design' })
      log.info('deep')
    })
    expect(last()).toMatchObject({ jobId: 'j1', requestId: 'r1', stage: 'design', msg: 'deep' })
    log.info('outside')
    expect(last()).not.toHaveProperty('jobId')
  })

  test('names each thing once, and what it says itself wins', () => {
    const { log, lines, last } = open()
    const child = log.child({ requestId: 'own' })
    withLogFields({ requestId: 'r1', jobId: 'j1' }, () => child.info({ jobId: 'j2' }, 'x'))
    expect(lines[0]!.match(/requestId/g)).toHaveLength(1)
    expect(lines[0]!.match(/jobId/g)).toHaveLength(1)
    expect(last()).toMatchObject({ requestId: 'own', jobId: 'j2' })
  })

  test('two jobs at the same time are kept apart', async () => {
    const { log, lines } = open()
    const run = (jobId: string) =>
      withLogFields({ jobId }, async () => {
        for (let i = 0; i < 3; i++) {
          await new Promise((resolve) => setTimeout(resolve, 1))
          addLogFields({ stage: jobId })
          log.info({ of: jobId }, 'x')
        }
      })
    await Promise.all([run('a'), run('b')])
    for (const line of lines) {
      const { jobId, of, stage } = JSON.parse(line) as Record<string, string>
      expect([jobId, stage]).toEqual([of, of])
    }
  })
})

describe('secrets', () => {
  test.each([
    ['a key of OpenAI', 'refused: sk-proj-abcdefghij0123456789', 'sk-proj'],
    ['a key of ours', `bgk_${'a'.repeat(43)}`, 'aaaa'],
    ['a secret of callbacks', `signed with whsec_${'c'.repeat(43)}`, 'cccc'],
    ['a token of Slack', 'xoxb-123456-abcdef', '123456'],
    ['an app token', 'xapp-1-A0-12345-abcdef', '12345'],
    ['a header', 'authorization: Bearer abcdefghijklmnop', 'abcdefgh'],
    ['a signed link', '/jobs/1/archive?expires=1&signature=abc-DEF_123', 'abc-DEF'],
    ['a password in an address', 'connect redis://user:hunter22@host:6379', 'hunter22'],
    ['a way to answer in Slack', 'https://hooks.slack.com/commands/T1/123/abcdef', 'abcdef'],
    ['a token of an interaction', '/webhooks/12345/aW50ZXJhY3Rpb24tdG9rZW4/messages', 'aW50'],
  ])('%s is not written, wherever it stands', (_what, text, secret) => {
    const { log, lines, last } = open()
    log.info({ deep: { deeper: text } }, text)
    log.error(new Error('outer', { cause: new Error(text) }))
    expect(lines.join()).not.toContain(secret)
    expect(lines.join()).toContain('[redacted]')
    expect(last()).toHaveProperty('msg', 'outer')
  })

  test('those that are known are not written, whatever they look like', () => {
    const env = {
      SLACK_SIGNING_SECRET: 'just some "words" here',
      LINK_SECRET: 'one-secret-of-links,another-secret',
      REDIS_URL: 'redis://:p%40ss-word@host',
      OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Basic dHJhY2Vz,x=y',
      SHORT_KEY: 'abc',
      PORT: '12345678',
    }
    const { log, lines, last } = open({ secrets: [...findSecrets(env), 'just some "words" here'] })
    log.info('just some "words" here, another-secret, p@ss-word, dHJhY2Vz, abc, 12345678')
    expect(lines.join()).not.toMatch(/words|another-secret|p@ss|dHJhY2Vz/)
    expect(last()['msg']).toBe('[redacted], [redacted], [redacted], [redacted], abc, 12345678')
  })

  test('prompts are logged only when enabled', () => {
    const record = { prompt: 'a marmalade shop', spec: 'openapi: 3' }
    for (const prompts of [false, true]) {
      const { log, lines } = open({ prompts })
      log.info({ ...record, record, deep: { record } }, 'x')
      expect(lines.join().includes('marmalade')).toBe(prompts)
      expect(lines.join().includes('openapi')).toBe(prompts)
    }
  })
})
