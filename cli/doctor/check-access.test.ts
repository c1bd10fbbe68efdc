import { describe, expect, it } from 'vitest'
import { createKey } from '../../api/access/keys.ts'
import { checkAccess, checkCallbacks } from './check-access.ts'

const now = new Date('2026-11-24')
const ci = createKey({ name: 'ci', scopes: ['generate', 'read'], expiresAt: null }).key
const old = createKey({ name: 'old', scopes: ['admin'], expiresAt: new Date('2026-11-24') }).key

describe('what the doctor says of access', () => {
  it('names the valid keys and the expired ones', () => {
    expect(checkAccess({ keys: [ci, old], allowAnonymous: false }, now)).toEqual({
      name: 'Access',
      state: 'ok',
      detail: 'keys: ci (generate, read); ended: old',
    })
  })

  it.each([
    [[old], false, 'broken', 'every request is rejected'],
    [[], false, 'off', 'only serves this machine'],
    [[], true, 'weak', 'anyone who can reach the API'],
  ] as const)('reports who has access: %#', (keys, allowAnonymous, state, detail) => {
    const finding = checkAccess({ keys, allowAnonymous }, now)
    expect(finding.state).toBe(state)
    expect(finding.detail).toContain(detail)
    expect(finding.advice).toContain('npm run keys -- create NAME')
  })

  it('says whether callbacks are on, and what they lack', () => {
    expect(checkCallbacks([], undefined).state).toBe('off')
    expect(checkCallbacks(['w'.repeat(32)], ' ').state).toBe('weak')
    expect(checkCallbacks(['w'.repeat(32)], 'https://b.example')).toMatchObject({ state: 'ok' })
  })
})
