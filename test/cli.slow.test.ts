import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { JobList } from '#contract'
import { run, signalGroup } from './support/process.ts'
import { ROOT, startMain, temporaryFolder } from './support/service.ts'

/** `npm run generate` with its own service or a running one. */

const generate = (words: string[], env: Record<string, string>) =>
  run(process.execPath, ['cli/main.ts', ...words], { cwd: ROOT, env: { PORT: '1', ...env } })

// Each test starts two or three programs.
describe('npm run generate', { timeout: 360_000 }, () => {
  it('writes the zip, prints the checks and how to run it, and exits with 0', async () => {
    await using data = await temporaryFolder('data')
    await using out = await temporaryFolder('out')
    await using command = generate(['a todo app', '--out', out.path], { DATA_DIR: data.path })
    expect(await command.exited).toEqual({ code: 0, signal: null })
    expect(await readdir(out.path)).toEqual(['todo-api.zip'])
    expect(command.output()).toMatch(/^verify +done +\d+ tests passed/m)
    expect(command.output()).toMatch(/✔ tests +\d+ tests passed/)
    expect(command.output()).toMatch(/npm ci && npm test && npm start/)
  })

  it('exits with 1 and advice when the prompt cannot be understood', async () => {
    await using data = await temporaryFolder('data')
    await using out = await temporaryFolder('out')
    await using command = generate(['hello', '--out', out.path], { DATA_DIR: data.path })
    expect(await command.exited).toEqual({ code: 1, signal: null })
    expect(command.output()).toMatch(/^Failed: /m)
    expect(await readdir(out.path)).toEqual([])
  })

  it('exits with 2 and the usage on invalid arguments', async () => {
    await using command = generate([], {})
    expect(await command.exited).toEqual({ code: 2, signal: null })
    expect(command.output()).toMatch(/Say what to build/)
  })

  it('uses the running API, and two at once share it', async () => {
    await using data = await temporaryFolder('data')
    await using out = await temporaryFolder('out')
    await using service = await startMain({ dataDir: data.path })
    const env = { DATA_DIR: data.path }
    await using one = generate(['a todo app', '--out', join(out.path, '1')], env)
    await using two = generate(['a notes app', '--out', join(out.path, '2'), '--api', service.url], env)
    expect([(await one.exited).code, (await two.exited).code]).toEqual([0, 0])
    const { jobs } = JobList.parse(await (await fetch(`${service.url}/jobs`)).json())
    expect(jobs.map((job) => job.state)).toEqual(['completed', 'completed'])
  })

  it('reports that no API responds at the given address', async () => {
    await using command = generate(['a todo app', '--api', 'http://127.0.0.1:1'], {})
    expect(await command.exited).toEqual({ code: 1, signal: null })
    expect(command.output()).toBe(
      'No API responds at http://127.0.0.1:1. Start one with npm start, or omit --api.\n',
    )
  })

  it('cancels the job on Ctrl-C and exits with 130', async () => {
    await using data = await temporaryFolder('data')
    await using out = await temporaryFolder('out')
    await using service = await startMain({ dataDir: data.path })
    await using command = generate(['a todo app', '--out', out.path, '--api', service.url], {})
    const listed = async () => JobList.parse(await (await fetch(`${service.url}/jobs`)).json()).jobs[0]
    while ((await listed())?.state !== 'active') await sleep(10)
    signalGroup(command.child, 'SIGINT')
    expect(await command.exited).toEqual({ code: 130, signal: null })
    expect(command.output()).toMatch(/Cancelled\.\n$/)
    expect((await listed())?.state).toBe('cancelled')
    expect(await readdir(out.path)).toEqual([])
  })
})
