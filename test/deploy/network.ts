import { run, runToEnd, type Running } from '../support/process.ts'
import { containerCommand, type Container } from './image/container.ts'

export type Network = AsyncDisposable & {
  /** Starts a local program in the network. */
  start(argv: readonly string[], options?: { cwd?: string }): Running
  /** Runs a container to completion and returns its output; throws when the exit code is not 0. */
  run(container: Container): Promise<string>
  /** A request from inside the network. */
  fetch(url: string, options?: RequestInit): Promise<{ status: number; body: Buffer }>
}

const FETCH = `
const [url, options] = process.argv.slice(1)
const response = await fetch(url, JSON.parse(options))
const body = Buffer.from(await response.arrayBuffer()).toString('base64')
console.log(JSON.stringify({ status: response.status, body }))`

/**
 * A network namespace with only a loopback device, so that every service can use its container port and nothing can reach
 * the internet. Requires root and bubblewrap.
 */
export async function openNetwork(): Promise<Network> {
  const holder = run('bwrap', [
    '--unshare-net',
    '--dev-bind',
    '/',
    '/',
    'sh',
    '-c',
    'echo in $$; exec sleep infinity',
  ])
  const [, pid] = await holder.line(/in (\d+)/)
  const inside = (argv: readonly string[]) => [`--net=/proc/${pid}/ns/net`, '--', ...argv]
  return {
    start: (argv, options) => run('setpriv', ['--pdeathsig=KILL', 'nsenter', ...inside(argv)], options),
    run: (container) => runToEnd('nsenter', inside(containerCommand(container))),
    async fetch(url, options = {}) {
      const argv = [process.execPath, '--input-type=module', '-e', FETCH, url, JSON.stringify(options)]
      const { status, body } = JSON.parse(await runToEnd('nsenter', inside(argv))) as {
        status: number
        body: string
      }
      return { status, body: Buffer.from(body, 'base64') }
    },
    [Symbol.asyncDispose]: () => holder[Symbol.asyncDispose](),
  }
}
