import { PassThrough } from 'node:stream'
import { fastify } from 'fastify'

// The baseline of a server: a constant response as long as a list of jobs, and a stream of timestamps.
const app = fastify()
const page = {
  jobs: Array.from({ length: 20 }, (_, index) => ({ jobId: String(index), prompt: 'x'.repeat(250) })),
}
app.get('/jobs', async () => page)
app.get('/events', async (_request, reply) => {
  const out = new PassThrough()
  const timer = setInterval(() => out.write(`id: ${Date.now()}-0\nevent: change\ndata: {}\n\n`), 50)
  reply.raw.on('close', () => clearInterval(timer))
  return reply.type('text/event-stream').send(out)
})
console.log(`floor on ${await app.listen({ host: '127.0.0.1', port: 0 })}`)
