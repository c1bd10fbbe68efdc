import type { RedisOptions } from 'ioredis'
import type { RedisNode, RedisTarget } from '../connect.ts'
import { RedisUrlError } from './errors.ts'

const FORMS =
  'redis://user:password@host:6379/0, rediss://… for TLS, ' +
  'redis+sentinel://user:password@host1:26379,host2:26379/master-name/0, ' +
  'or redis+cluster://user:password@host1:6379,host2:6379'

const SHAPE = /^(rediss?)(?:\+(sentinel|cluster))?:\/\/([^/?#]*)([^?#]*)(?:\?([^#]*))?$/i
const PARAMETERS = new Set(['family', 'sentinelUsername', 'sentinelPassword'])

/**
 * Parses a Redis URL: a single server, a Sentinel group or a Cluster, with or without TLS.
 * Query parameters: `family` (4 or 6), and `sentinelUsername`, `sentinelPassword` if sentinels have their own.
 *
 * @throws RedisUrlError; its message never contains a possible password.
 */
export function parseRedisUrl(url: string): RedisTarget {
  const match = SHAPE.exec(url.trim())
  if (!match) throw new RedisUrlError(`REDIS_URL is not a Redis URL. Expected ${FORMS}.`)
  const [, scheme = '', flavour, authority = '', path = '', query = ''] = match
  const tls = scheme.toLowerCase() === 'rediss'
  const at = authority.lastIndexOf('@')
  const kind = flavour === undefined ? 'single' : (flavour.toLowerCase() as 'sentinel' | 'cluster')

  const nodes = parseNodes(authority.slice(at + 1), kind === 'sentinel' ? 26379 : 6379)
  const segments = path.split('/').filter((segment) => segment !== '')
  const parameters = parseParameters(query)
  const common: RedisOptions = {
    ...parseCredentials(at === -1 ? '' : authority.slice(0, at)),
    ...(tls ? { tls: {} } : {}),
    ...(parameters.family === undefined ? {} : { family: parameters.family }),
  }
  const names = nodes.map(({ host, port }) => `${host.includes(':') ? `[${host}]` : host}:${port}`).join(', ')
  const suffix = tls ? ' over TLS' : ''

  switch (kind) {
    case 'single': {
      const [node] = nodes
      if (node === undefined || nodes.length > 1)
        throw new RedisUrlError('REDIS_URL names several hosts. Say redis+sentinel:// or redis+cluster://.')
      const db = parseDatabase(segments, 0)
      return {
        kind,
        description: `Redis at ${names}${db === 0 ? '' : `, database ${db}`}${suffix}`,
        options: { ...common, ...node, db },
      }
    }
    case 'sentinel': {
      const name = decode(segments[0] ?? '')
      if (name === '')
        throw new RedisUrlError('REDIS_URL names no master: redis+sentinel://host1,host2/master-name.')
      const { sentinelUsername, sentinelPassword } = parameters
      return {
        kind,
        description: `Redis "${name}" by Sentinel at ${names}${suffix}`,
        options: {
          ...common,
          db: parseDatabase(segments, 1),
          name,
          sentinels: nodes.map((node) => ({ ...node })),
          ...(tls ? { enableTLSForSentinelMode: true, sentinelTLS: {} } : {}),
          ...(sentinelUsername === undefined ? {} : { sentinelUsername }),
          ...(sentinelPassword === undefined ? {} : { sentinelPassword }),
        },
      }
    }
    case 'cluster':
      if (segments.length > 0)
        throw new RedisUrlError('REDIS_URL names a database, which a Cluster does not have.')
      return { kind, description: `Redis Cluster at ${names}${suffix}`, nodes, options: common }
  }
}

function parseCredentials(userinfo: string): Pick<RedisOptions, 'username' | 'password'> {
  const colon = userinfo.indexOf(':')
  const username = decode(colon === -1 ? userinfo : userinfo.slice(0, colon))
  const password = colon === -1 ? '' : decode(userinfo.slice(colon + 1))
  return { ...(username === '' ? {} : { username }), ...(password === '' ? {} : { password }) }
}

function parseNodes(list: string, defaultPort: number): RedisNode[] {
  return list.split(',').map((text) => {
    const match = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9._-]+))(?::(\d{1,5}))?$/i.exec(text.trim())
    const host = match?.[1] ?? match?.[2]
    const port = match?.[3] === undefined ? defaultPort : Number(match[3])
    if (host === undefined || port < 1 || port > 65_535)
      throw new RedisUrlError(
        `REDIS_URL holds a host that is not "name:port". Expected ${FORMS}; ` +
          'characters such as / ? # @ in a password must be percent-encoded.',
      )
    return { host, port }
  })
}

function parseDatabase(segments: string[], index: number): number {
  if (segments.length > index + 1) throw new RedisUrlError(`REDIS_URL has too many parts. Expected ${FORMS}.`)
  const text = segments[index] ?? '0'
  if (!/^\d{1,5}$/.test(text))
    throw new RedisUrlError('The database in REDIS_URL is not a number, such as /0.')
  return Number(text)
}

function parseParameters(query: string) {
  const parameters = new URLSearchParams(query)
  for (const name of parameters.keys())
    if (!PARAMETERS.has(name))
      throw new RedisUrlError(
        `REDIS_URL has a parameter that is not understood. Known are: ${[...PARAMETERS].join(', ')}.`,
      )
  const family = parameters.get('family') ?? undefined
  if (family !== undefined && family !== '4' && family !== '6')
    throw new RedisUrlError('The parameter "family" in REDIS_URL is neither 4 nor 6.')
  return {
    family: family === undefined ? undefined : Number(family),
    sentinelUsername: parameters.get('sentinelUsername') ?? undefined,
    sentinelPassword: parameters.get('sentinelPassword') ?? undefined,
  }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw new RedisUrlError('REDIS_URL has a "%" that is not percent-encoding. Write a literal "%" as %25.')
  }
}
