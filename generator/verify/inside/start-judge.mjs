// Starts the project, and only then loads what judges it. Gets its orders on stdin; see `JudgeOrders`.
import { spawn } from 'node:child_process'
import { createServer } from 'node:net'
import process from 'node:process'
import { text } from 'node:stream/consumers'
import { lowerOwnPriority } from './lower-own-priority.mjs'

const [given, port] = await Promise.all([text(process.stdin), freePort()])
const orders = JSON.parse(given)
const stub = orders.services.length > 0 ? await listen() : null
const services = orders.services.map(({ variable }) => [
  variable,
  `http://127.0.0.1:${stub?.port}/${variable}`,
])
const child = spawn(process.execPath, orders.project.arguments, {
  env: { ...process.env, ...Object.fromEntries(services), PORT: String(port) },
  stdio: ['pipe', 'inherit', 'inherit', 'pipe'],
})
child.stdin.on('error', () => {}) // It may end without reading.
child.stdin.write(`${JSON.stringify({ nonce: orders.project.nonce, port, tests: orders.tests })}\n`)
// What is loaded now is needed once the project listens, which needs its processor more.
lowerOwnPriority(5)
const { judge } = await import('./judge.mjs')
await judge({ orders, child, port, stub: stub?.server ?? null })

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  })
}

/** Stands in for the services that the project calls. */
async function listen() {
  const { createServer: createHttpServer } = await import('node:http')
  const server = createHttpServer()
  await new Promise((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve)
  })
  server.unref()
  return { server, port: server.address().port }
}
