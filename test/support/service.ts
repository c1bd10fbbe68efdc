import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { GenerateResponse, JobView, type GenerateRequest } from '#contract'
import { run, type Running } from './process.ts'
import { freePort } from './ports.ts'

export const ROOT = resolve(import.meta.dirname, '../..')

/** A temporary folder for one test. */
export async function temporaryFolder(name: string): Promise<AsyncDisposable & { path: string }> {
  const path = await mkdtemp(join(tmpdir(), `${name}-`))
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}

/** The program of `npm start` in its own process, ready for requests. */
export async function startMain(options: {
  dataDir: string
  env?: Record<string, string>
}): Promise<Running & { url: string }> {
  const port = await freePort()
  const running = run(process.execPath, ['main.ts'], {
    cwd: ROOT,
    env: { PORT: String(port), DATA_DIR: options.dataDir, LOG_LEVEL: 'warn', ...options.env },
  })
  await running.line(/API +on +http/)
  return { ...running, url: `http://127.0.0.1:${port}` }
}

export async function post(
  url: string,
  request: GenerateRequest,
  headers: Record<string, string> = {},
): Promise<string> {
  const response = await fetch(`${url}/generate-backend`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(request),
  })
  if (response.status !== 202) throw new Error(await response.text())
  return GenerateResponse.parse(await response.json()).jobId
}

export async function view(url: string, jobId: string): Promise<JobView> {
  return JobView.parse(await (await fetch(`${url}/jobs/${jobId}`)).json())
}

/** Polls until a job has ended, for at most `ms`. */
export async function ended(url: string, jobId: string, ms = 240_000): Promise<JobView> {
  const deadline = Date.now() + ms
  for (;;) {
    const current = await view(url, jobId)
    if (!['waiting', 'active'].includes(current.state)) return current
    if (Date.now() > deadline)
      throw new Error(`the job is still ${current.state} after ${ms} ms: ${JSON.stringify(current.steps)}`)
    await new Promise((done) => setTimeout(done, 50))
  }
}

export async function archive(url: string, jobId: string): Promise<Buffer> {
  const response = await fetch(`${url}/jobs/${jobId}/archive`)
  if (!response.ok) throw new Error(await response.text())
  return Buffer.from(await response.arrayBuffer())
}
