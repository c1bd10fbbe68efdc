import { run, runToEnd, type Running } from '../support/process.ts'
import { containerCommand, type Container } from './image/container.ts'

export type Network = AsyncDisposable & {
  /** Starts a program of this machine in the network. */
  start(argv: readonly string[], options?: { cwd?: string }): Running
  /** Runs a container in it to its end, and gives what it printed; throws where its exit code is not 0. */
  run(container: Container): Promise<string>
  /** A request from inside. */
  fetch(url: string, options?: RequestInit): Promise<{ status: number; body: Buffer }>
}

const FETCH = `
const [url, options] = process.argv.slice(1)
const response = await fetch(url, JSON.parse(options))
const body = Buffer.from(await response.arrayBuffer()).toString('base64')
console.log(JSON.stringify({ status: response.status, body }))`

/**
 * A network of its own with nothing but a loopback, so that every service has the port that it would have in its container, and
 * nobody reaches a registry or the internet. Needs root and bubblewrap.
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
