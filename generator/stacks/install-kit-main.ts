import { fileURLToPath } from 'node:url'
import { ensureKit, KitInstallError } from './install-kit.ts'

/** Installs the kit of a stack: `node generator/stacks/install-kit-main.ts [fastify]`. For images and CI. */
const stack = process.argv[2] ?? 'fastify'
const stop = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort())

try {
  const { installed } = await ensureKit({
    kitDirectory: fileURLToPath(new URL(`./${stack}/kit`, import.meta.url)),
    env: process.env,
    signal: stop.signal,
    onProgress: (detail) => console.log(detail),
  })
  console.log(installed ? 'the kit is installed' : 'the kit was installed already')
} catch (error) {
  console.error(error instanceof KitInstallError ? error.message : error)
  process.exitCode = 1
}
