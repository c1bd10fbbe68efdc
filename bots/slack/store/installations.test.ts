import { mkdtemp, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openInstallations, type Installation } from './installations.ts'

const OLD = 'o'.repeat(32)
const NEW = 'n'.repeat(32)

const installation = (over: Partial<Installation> = {}): Installation => ({
  teamId: 'T2',
  workspace: 'Acme',
  enterpriseId: null,
  botToken: 'xoxb-granted-secret',
  botUserId: 'UBOT',
  botId: 'B1',
  installedAt: '2026-11-24T10:00:00.000Z',
  ...over,
})

async function folder() {
  const path = await mkdtemp(join(tmpdir(), 'installations-'))
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) }
}

describe('the store of installations', () => {
  it('returns what was written, also to another process, and null once removed', async () => {
    await using dir = await folder()
    await openInstallations({ dir: join(dir.path, 'slack'), keys: [OLD] }).write(installation())
    const store = openInstallations({ dir: join(dir.path, 'slack'), keys: [OLD] })
    expect(await store.read('T2')).toEqual(installation())
    expect(await store.teamIds()).toEqual(['T2'])
    expect(await store.read('T3')).toBeNull()
    await store.remove('T2')
    await store.remove('T2')
    expect(await store.read('T2')).toBeNull()
  })

  it('encrypts everything, in a file that only this user can read', async () => {
    await using dir = await folder()
    await openInstallations({ dir: dir.path, keys: [OLD] }).write(installation())
    const text = await readFile(join(dir.path, 'T2.json'), 'utf8')
    for (const secret of ['xoxb', 'granted', 'Acme', Buffer.from('xoxb-granted').toString('base64')])
      expect(text).not.toContain(secret)
    expect((await stat(join(dir.path, 'T2.json'))).mode & 0o777).toBe(0o600)
    expect(await readdir(dir.path)).toEqual(['T2.json'])
  })

  it('decrypts with an old key and re-encrypts with the new one', async () => {
    await using dir = await folder()
    await openInstallations({ dir: dir.path, keys: [OLD] }).write(installation())
    const both = openInstallations({ dir: dir.path, keys: [NEW, OLD] })
    expect(await both.read('T2')).toEqual(installation())
    expect(await both.renew()).toEqual({ renewed: 1, unreadable: [] })
    expect(await both.renew()).toEqual({ renewed: 0, unreadable: [] })
    expect(await openInstallations({ dir: dir.path, keys: [NEW] }).read('T2')).toEqual(installation())
  })

  it('says what to do when no key decrypts a file, and continues with the others', async () => {
    await using dir = await folder()
    await openInstallations({ dir: dir.path, keys: [OLD] }).write(installation())
    const store = openInstallations({ dir: dir.path, keys: [NEW] })
    await store.write(installation({ teamId: 'T3' }))
    await expect(store.read('T2')).rejects.toThrow('put the old key behind the new one')
    expect((await store.renew()).unreadable).toHaveLength(1)
    expect(await store.read('T3')).toMatchObject({ teamId: 'T3' })
  })

  it.each<[string, (path: string) => Promise<void>]>([
    [
      'was changed',
      async (path) => {
        const sealed = JSON.parse(await readFile(path, 'utf8'))
        const data = Buffer.from(sealed.data, 'base64')
        data[0]! ^= 1
        await writeFile(path, JSON.stringify({ ...sealed, data: data.toString('base64') }))
      },
    ],
    [
      'has a tag cut short',
      async (path) => {
        const sealed = JSON.parse(await readFile(path, 'utf8'))
        await writeFile(path, JSON.stringify({ ...sealed, tag: sealed.tag.slice(0, 8) }))
      },
    ],
    ['is half written', async (path) => writeFile(path, '{"version":1')],
  ])('rejects a file that %s', async (_what, spoil) => {
    await using dir = await folder()
    const store = openInstallations({ dir: dir.path, keys: [OLD] })
    await store.write(installation())
    await spoil(join(dir.path, 'T2.json'))
    await expect(store.read('T2')).rejects.toThrow('damaged')
  })

  it('rejects a file renamed to another workspace', async () => {
    await using dir = await folder()
    const store = openInstallations({ dir: dir.path, keys: [OLD] })
    await store.write(installation())
    await rename(join(dir.path, 'T2.json'), join(dir.path, 'T3.json'))
    await expect(store.read('T3')).rejects.toThrow('damaged')
    expect(await store.read('../T2')).toBeNull()
  })
})
