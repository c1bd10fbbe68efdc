import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { JobList } from '#contract'
import { createKey, formatKey } from '../api/access/keys.ts'
import { run } from './support/process.ts'
import { ROOT, startMain, temporaryFolder } from './support/service.ts'

/** API keys end to end: the whole service in its own process, and the commands. */

const ops = createKey({ name: 'ops', scopes: ['admin'], expiresAt: null })

describe('npm start with keys', { timeout: 360_000 }, () => {
  it('requires one, except from the command line of the same user', async () => {
    await using data = await temporaryFolder('data')
    await using out = await temporaryFolder('out')
    await using service = await startMain({ dataDir: data.path, env: { API_KEYS: formatKey(ops.key) } })
    expect(service.output()).toMatch(/^  Access   on   keys: ops$/m)
    expect((await fetch(`${service.url}/jobs`)).status).toBe(401)
    expect((await stat(join(data.path, 'service.json'))).mode & 0o777).toBe(0o600)

    await using command = run(process.execPath, ['cli/main.ts', 'a todo app', '--out', out.path], {
      cwd: ROOT,
      env: { PORT: '1', DATA_DIR: data.path },
    })
    expect(await command.exited).toEqual({ code: 0, signal: null })

    const headers = { authorization: `Bearer ${ops.secret}` }
    const { jobs } = JobList.parse(await (await fetch(`${service.url}/jobs?owner=cli`, { headers })).json())
    expect(jobs.map(({ state }) => state)).toEqual(['completed'])

    // The key cannot be found from another folder.
    const named = (env: Record<string, string>) =>
      run(process.execPath, ['cli/main.ts', 'hello', '--api', service.url], { cwd: ROOT, env })
    await using keyless = named({ DATA_DIR: out.path })
    await using keyed = named({ DATA_DIR: out.path, API_KEY: ops.secret })
    await keyless.exited
    await keyed.exited
    expect(keyless.output()).toContain('This request requires an API key')
    expect(keyed.output()).toMatch(/^Failed: /m)

    const { apiKey } = JSON.parse(await readFile(join(data.path, 'service.json'), 'utf8'))
    expect(apiKey).toMatch(/^bgk_/)
    expect(service.output()).not.toContain(apiKey)
    expect(service.output()).not.toContain(ops.secret)
  })

  it('does not listen on other addresses without one', async () => {
    await using data = await temporaryFolder('data')
    await using refused = run(process.execPath, ['main.ts'], {
      cwd: ROOT,
      env: { DATA_DIR: data.path, HOST: '0.0.0.0' },
    })
    expect(await refused.exited).toEqual({ code: 1, signal: null })
    expect(refused.output()).toMatch(
      /^HOST is "0\.0\.0\.0", but API_KEYS is not set.*npm run keys -- create NAME/m,
    )
  })
})
