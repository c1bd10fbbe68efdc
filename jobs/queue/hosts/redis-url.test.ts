import { describe, expect, test } from 'vitest'
import { RedisUrlError } from './errors.ts'
import { parseRedisUrl } from './redis-url.ts'

describe('a Redis URL', () => {
  test('names a single server, with defaults', () => {
    expect(parseRedisUrl('redis://localhost')).toEqual({
      kind: 'single',
      description: 'Redis at localhost:6379',
      options: { host: 'localhost', port: 6379, db: 0 },
    })
  })

  test('has credentials, a database and TLS', () => {
    expect(parseRedisUrl('rediss://app:p%40ss%2Fw%25rd@cache.example.com:6380/3')).toEqual({
      kind: 'single',
      description: 'Redis at cache.example.com:6380, database 3 over TLS',
      options: {
        host: 'cache.example.com',
        port: 6380,
        db: 3,
        username: 'app',
        password: 'p@ss/w%rd',
        tls: {},
      },
    })
    expect(parseRedisUrl('redis://:secret@h').options).toEqual({
      host: 'h',
      port: 6379,
      db: 0,
      password: 'secret',
    })
    expect(parseRedisUrl('redis://:a@b@h').options).toMatchObject({ host: 'h', password: 'a@b' })
  })

  test('accepts IPv6 addresses and a family', () => {
    expect(parseRedisUrl('redis://[::1]:7000?family=6')).toMatchObject({
      description: 'Redis at [::1]:7000',
      options: { host: '::1', port: 7000, family: 6 },
    })
  })

  test('names a Sentinel group', () => {
    const url = 'rediss+sentinel://user:pw@s1:26380,s2/mymaster/2?sentinelPassword=other'
    expect(parseRedisUrl(url)).toEqual({
      kind: 'sentinel',
      description: 'Redis "mymaster" by Sentinel at s1:26380, s2:26379 over TLS',
      options: {
        name: 'mymaster',
        db: 2,
        username: 'user',
        password: 'pw',
        sentinelPassword: 'other',
        sentinels: [
          { host: 's1', port: 26380 },
          { host: 's2', port: 26379 },
        ],
        tls: {},
        sentinelTLS: {},
        enableTLSForSentinelMode: true,
      },
    })
  })

  test('names a Cluster', () => {
    expect(parseRedisUrl('redis+cluster://:pw@a:7000,b:7001,[::1]:7002')).toEqual({
      kind: 'cluster',
      description: 'Redis Cluster at a:7000, b:7001, [::1]:7002',
      nodes: [
        { host: 'a', port: 7000 },
        { host: 'b', port: 7001 },
        { host: '::1', port: 7002 },
      ],
      options: { password: 'pw' },
    })
  })

  test.each([
    ['http://hunter2@h', 'not a Redis URL'],
    ['hunter2', 'not a Redis URL'],
    ['redis://:hunter2@', '"name:port"'],
    ['redis://:hunter2@h:99999', '"name:port"'],
    ['redis://:hunter2/x@h', '"name:port"'],
    ['redis://:hunter2@a,b', 'several hosts'],
    ['redis://:hunter2@h/abc', 'not a number'],
    ['redis://:hunter2@h/0/1', 'too many parts'],
    ['redis://:hunter2%zz@h', 'percent'],
    ['redis://h?hunter2=1', 'parameter'],
    ['redis://h?family=hunter2', 'neither 4 nor 6'],
    ['redis+sentinel://:hunter2@s1,s2', 'names no master'],
    ['redis+cluster://:hunter2@a,b/1', 'does not have'],
  ])('that is wrong (%s) is refused with what is wrong, and without its password', (url, problem) => {
    const refused = () => parseRedisUrl(url)
    expect(refused).toThrow(RedisUrlError)
    expect(refused).toThrow(problem)
    expect(refused).not.toThrow('hunter2')
  })
})
