import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeLog } from '#lib/log'
import { thisMachine } from '#lib/machine'
import { makeApiClient, type ApiClient } from '../../bots/api-client.ts'
import { startService, type Service } from '../../service.ts'
import { startHostileModel, type HostileModel } from './hostile-model.ts'

/** A complete service, and the model that plays: the API, the queue, a worker with the real client, the sandbox. */
export async function startServiceWith(settings: Readonly<Record<string, string>>): Promise<
  AsyncDisposable & {
    readonly model: HostileModel
    readonly service: Service
    readonly api: ApiClient
    /** The complete log so far. */
    readonly logs: readonly string[]
  }
> {
  await using stack = new AsyncDisposableStack()
  const dir = await mkdtemp(join(tmpdir(), 'played-model-'))
  stack.defer(() => rm(dir, { recursive: true, force: true }))
  const model = stack.use(await startHostileModel())
  const logs: string[] = []
  const machine = thisMachine(process, tmpdir())
  const service = stack.use(
    await startService({
      machine: {
        ...machine,
        env: {
          PATH: machine.env['PATH'],
          HOME: machine.env['HOME'],
          PORT: '0',
          DATA_DIR: join(dir, 'data'),
          OPENAI_BASE_URL: model.url,
          REVIEW: '0',
          ...settings,
        },
      },
      log: makeLog({ level: 'trace', destination: { write: (line) => void logs.push(line) } }),
    }),
  )
  const owned = stack.move()
  return {
    model,
    service,
    api: makeApiClient({ baseUrl: service.url }),
    logs,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}
