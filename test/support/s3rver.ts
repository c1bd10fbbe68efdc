import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { ROOT, temporaryFolder } from './service.ts'

const FOLDER = join(ROOT, 'test/peers/s3')

/** Whether S3rver is installed; otherwise tests are skipped with this name. */
export const hasS3rver = existsSync(join(FOLDER, 'node_modules/@20minutes/s3rver'))
export const S3RVER = hasS3rver ? 's3rver' : 's3rver, skipped: install it with npm ci --prefix test/peers/s3'
export const S3RVER_KEYS = { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' }
export const BUCKET = 'job-store'

type Context = {
  method: string
  path: string
  status: number
  body: string
  get(header: string): string
}
type Middleware = (ctx: Context, next: () => Promise<void>) => Promise<void>
type Server = {
  middleware: Middleware[]
  store: { existsObject(bucket: string, key: string): Promise<boolean> }
  run(): Promise<{ address: string; port: number }>
  close(): Promise<void>
}

/**
 * S3rver, in this process and in a temporary folder. It ignores `If-None-Match` on PUT; `conditional` adds that in a
 * middleware.
 */
export async function startS3rver(options: {
  readonly conditional: boolean
}): Promise<AsyncDisposable & { readonly endpoint: string }> {
  await using stack = new AsyncDisposableStack()
  const { path: directory } = stack.use(await temporaryFolder('s3rver'))
  const S3rver = createRequire(join(FOLDER, 'package.json'))('@20minutes/s3rver') as new (
    settings: object,
  ) => Server
  const server = new S3rver({
    address: '127.0.0.1',
    port: 0,
    silent: true,
    // Its signature of list paths differs from the SDK. Swift checks all signatures.
    allowMismatchedSignatures: true,
    directory,
    configureBuckets: [{ name: BUCKET }],
  })
  if (options.conditional) server.middleware.unshift(makeConditional(server))
  const { port } = await server.run()
  stack.defer(() => server.close())
  const owned = stack.move()
  return { endpoint: `http://127.0.0.1:${port}`, [Symbol.asyncDispose]: () => owned.disposeAsync() }
}

/** Serializes conditional writes and rejects those of existing objects. */
function makeConditional({ store }: Pick<Server, 'store'>): Middleware {
  const turns = new Map<string, Promise<void>>()
  async function decide(ctx: Context, next: () => Promise<void>, before: Promise<void> | undefined) {
    await before?.catch(() => {})
    const [, bucket = '', ...key] = decodeURIComponent(ctx.path).split('/')
    if (!(await store.existsObject(bucket, key.join('/')))) return await next()
    ctx.status = 412
    ctx.body = '<?xml version="1.0"?><Error><Code>PreconditionFailed</Code></Error>'
  }
  return async (ctx, next) => {
    if (ctx.method !== 'PUT' || ctx.get('if-none-match') !== '*') return next()
    const turn = decide(ctx, next, turns.get(ctx.path))
    turns.set(ctx.path, turn)
    return turn
  }
}
