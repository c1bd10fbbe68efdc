import { env, exit } from 'node:process'
import { Redis } from 'ioredis'

// Healthy: a connection from this container, other than this one, spoke to Redis within the last nine seconds. A worker
// says every three that it lives, so one that hangs is silent. Where several containers reach Redis from one address,
// the check can only say that one of them lives.
const SILENT_AFTER_SECONDS = 9

const redis = new Redis(env['REDIS_URL'] ?? '', { connectTimeout: 5000, retryStrategy: () => null })
redis.on('error', () => {}) // The command below fails with it.
try {
  const [ownId, list] = await Promise.all([redis.client('ID'), redis.client('LIST') as Promise<string>])
  const clients = list
    .trim()
    .split('\n')
    .map((line) => new Map(line.split(' ').map((part) => part.split(/=(.*)/s) as [string, string])))
    .map((fields) => ({
      id: Number(fields.get('id')),
      host: fields.get('addr')!.replace(/:\d+$/, ''),
      idle: Number(fields.get('idle')),
    }))
  const own = clients.find(({ id }) => id === ownId)
  const alive = clients.some(
    ({ id, host, idle }) => id !== ownId && host === own?.host && idle < SILENT_AFTER_SECONDS,
  )
  if (!alive)
    console.error(`No worker of ${own?.host} spoke to Redis in the last ${SILENT_AFTER_SECONDS} seconds.`)
  exit(alive ? 0 : 1)
} catch (error) {
  console.error(`Redis does not answer: ${(error as Error).message}`)
  exit(1)
}
