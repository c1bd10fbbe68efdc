import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { readModelConfig } from '../../generator/llm/config.ts'
import { checkModel, modelFinding } from './check-model.ts'

const key = { OPENAI_API_KEY: 'sk-hunter2' }
const on = (day: string) => new Date(`${day}T08:00:00Z`)

describe('what the doctor says of the model', () => {
  it.each([
    [{}, '2026-11-28', 'off', /offline/, /Set OPENAI_API_KEY/],
    [key, '2026-11-14', 'ok', /model gpt-4o/, /^$/],
    [key, '2026-11-15', 'weak', /model gpt-4o/, /will be retired on 2027-01-14, in 60 days.* gpt-6-luna/],
    [key, '2027-01-14', 'weak', /model gpt-6-luna/, /gpt-4o was retired .*gpt-6-luna is used/],
    [
      { ...key, OPENAI_MODEL: 'gpt-5-mini' },
      '2026-12-11',
      'broken',
      /gpt-5-mini was retired on 2026-12-11/,
      /set OPENAI_MODEL=gpt-6.1-terra/,
    ],
    [{ ...key, OPENAI_MODEL: 'mine' }, '2026-11-28', 'ok', /price unknown/, /^$/],
    [{ OPENAI_BASE_URL: 'http://localhost:11434/v1' }, '2027-02-01', 'ok', /without a key/, /^$/],
  ] as const)('%j on %s is %s', (env, day, state, detail, advice) => {
    const found = modelFinding(readModelConfig(env), null, on(day))
    expect(found).toMatchObject({ state, detail: expect.stringMatching(detail) })
    expect(found.advice ?? '').toMatch(advice)
    expect(JSON.stringify(found)).not.toContain('hunter2')
  })

  it('takes the date that the service gives, over the wire', async () => {
    const url = await serve((_request, response) =>
      response.end(JSON.stringify({ data: [{ id: 'gpt-4o', shutdown_date: '2026-12-01' }] })),
    )
    const config = readModelConfig({ ...key, OPENAI_BASE_URL: url, OPENAI_MODEL: 'gpt-4o' })
    const signal = new AbortController().signal
    expect(await checkModel(config, { now: on('2026-11-28'), signal })).toMatchObject({
      state: 'weak',
      advice: expect.stringContaining('on 2026-12-01, in 3 days'),
    })
  })

  it('goes on where the service lists nothing', async () => {
    const url = await serve((_request, response) => response.writeHead(500).end())
    const config = readModelConfig({ ...key, OPENAI_BASE_URL: url })
    const signal = new AbortController().signal
    expect(await checkModel(config, { now: on('2026-11-28'), signal })).toMatchObject({
      state: 'ok',
      detail: expect.stringContaining('did not list'),
    })
  })
})

async function serve(handler: Parameters<typeof createServer>[1]): Promise<string> {
  const server: Server = createServer(handler).listen(0, '127.0.0.1')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`
}
