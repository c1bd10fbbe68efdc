import { expect, test } from 'vitest'
import { Origin, type ChatOrigin } from '#contract'
import { CHATS, destinationOf } from './chats.ts'

const kinds = Origin.options
  .map(({ shape }) => shape.kind.value)
  .filter((kind) => kind !== 'rest' && kind !== 'cli')

test('the registry lists every chat that a job can come from, once', () => {
  expect(CHATS.map(({ kind }) => kind).sort()).toEqual(kinds.sort())
})

test('jobs of every chat can be listed by requester, whose first part is the kind', () => {
  expect(kinds.filter((kind) => !/^[a-z]{1,20}$/.test(kind))).toEqual([])
})

test.each<[ChatOrigin, object]>([
  [
    { kind: 'slack', teamId: 'T1', channelId: 'C1', userId: 'U1', threadTs: '1.2' },
    { channelId: 'C1', threadId: '1.2', uploadLimit: null, isDirect: false },
  ],
  [
    { kind: 'discord', guildId: '1', channelId: '2', userId: '3', threadId: '4', uploadLimit: 5 },
    { channelId: '2', threadId: '4', uploadLimit: 5, isDirect: false },
  ],
  [
    { kind: 'slack', teamId: 'T1', channelId: 'D1', userId: 'U1', threadTs: null },
    { channelId: 'D1', threadId: null, uploadLimit: null, isDirect: true },
  ],
])('a job goes where it was requested: %j', (origin, destination) => {
  expect(destinationOf(origin)).toEqual(destination)
})
