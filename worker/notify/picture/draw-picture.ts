import { Worker } from 'node:worker_threads'

/** Under load; a picture takes a second. */
const TIMEOUT_MS = 20_000

/**
 * Draws an SVG as PNG in a thread of its own, since drawing blocks and the memory of WebAssembly never shrinks. Throws when
 * that fails or takes too long.
 */
export async function drawPicture(svg: string, signal: AbortSignal): Promise<Uint8Array> {
  const ended = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)])
  ended.throwIfAborted()
  const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>()
  const thread = new Worker(new URL('./draw-picture-thread.ts', import.meta.url), { workerData: { svg } })
  const onAbort = () => reject(ended.reason)
  ended.addEventListener('abort', onAbort, { once: true })
  thread.once('message', resolve)
  thread.once('error', reject)
  thread.once('exit', (code) => reject(new Error(`the thread that draws ended with ${code}`)))
  try {
    return await promise
  } finally {
    ended.removeEventListener('abort', onAbort)
    await thread.terminate()
  }
}
