import { describe, expect, it } from 'vitest'
import { denyReason } from './allow-list.ts'

const open = { users: [], servers: [], channels: [] }
const actor = { userId: 'U1', external: false, isBot: false }
const scope = { server: 'S1', channel: 'C1' }
const words = (reason: ReturnType<typeof denyReason>) => JSON.stringify(reason)

describe('the allow-list', () => {
  it('allows everyone when empty, except bots and external users', () => {
    expect(denyReason(open, actor, scope)).toBeNull()
    expect(denyReason(open, { ...actor, isBot: true }, scope)).toEqual({ silent: true })
    expect(words(denyReason(open, { ...actor, external: true }, scope))).toContain('Only members')
  })

  it.each([
    [{ users: ['U2'] }, 'list of people'],
    [{ servers: ['S2'] }, 'on this server'],
    [{ channels: ['C2', 'dm'] }, 'You can use it in'],
  ])('denies what is not on %j', (list, why) => {
    expect(words(denyReason({ ...open, ...list }, actor, scope))).toContain(why)
  })

  it('allows what is listed', () => {
    const list = { users: ['U1'], servers: ['S1'], channels: ['dm'] }
    expect(denyReason(list, actor, { server: null, channel: 'dm' })).toBeNull()
  })

  it('ignores lists of channels and servers when the event has neither', () => {
    const list = { users: [], servers: ['S2'], channels: ['C2'] }
    expect(denyReason(list, actor, { server: null, channel: null })).toBeNull()
  })
})
