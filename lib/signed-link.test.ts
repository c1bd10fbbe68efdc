import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openLinks } from './link-secret.ts'
import { makeLinkTo, makeLinks, type Links } from './signed-link.ts'

const old = 'an old secret that has thirty-two characters'
const fresh = 'a fresh secret that has thirty-two characters'
const path = '/jobs/01jd8q4x7zk3m5n9p2r6s8t0vw/archive'
const inAnHour = new Date(Date.now() + 3_600_000)

/** Takes a link apart, as a server sees it. */
function check(links: Links, link: string, now?: Date) {
  const { pathname, searchParams } = new URL(link, 'http://api')
  const proof = { expires: searchParams.get('expires') ?? '', signature: searchParams.get('signature') ?? '' }
  return links.check(pathname, proof, now)
}

describe('a signed link', () => {
  const links = makeLinks([fresh])
  const link = links.sign(path, inAnHour)

  it('opens its path until its end, and says afterwards that it has run out', () => {
    expect(link).toMatch(/^\/jobs\/[^?]+\/archive\?expires=\d+&signature=[\w-]{43}$/)
    expect(check(links, link)).toBe('valid')
    expect(check(links, link, new Date(inAnHour.getTime() - 1_000))).toBe('valid')
    expect(check(links, link, inAnHour)).toBe('expired')
  })

  it.each([
    ['another path', link.replace('01jd', '01je')],
    ['a later end', link.replace(/expires=\d+/, 'expires=99999999999')],
    ['an end that is spelt otherwise', link.replace('expires=', 'expires=0')],
    ['no end', link.replace(/expires=\d+&/, '')],
    ['no signature', link.replace(/&signature=.*/, '')],
    ['a cut signature', link.slice(0, -1)],
    ['a signature with more behind it', `${link}A`],
    ['the signature of another key', makeLinks([old]).sign(path, inAnHour)],
  ])('opens nothing with %s', (_, other) => {
    expect(check(links, other)).toBe('forged')
  })

  it('opens in no second spelling: the last character has two bits that say nothing', () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
    const twins = [...alphabet].filter((last) => check(links, link.slice(0, -1) + last) === 'valid')
    expect(twins).toEqual([link.at(-1)])
  })

  it('that was signed with the secret before opens as long as that is still named', () => {
    const before = makeLinks([old]).sign(path, inAnHour)
    expect(check(makeLinks([fresh, old]), before)).toBe('valid')
    expect(check(makeLinks([fresh]), before)).toBe('forged')
    expect(makeLinks([fresh, old]).sign(path, inAnHour)).toBe(makeLinks([fresh]).sign(path, inAnHour))
  })

  it('is made with an address and an end', () => {
    const linkTo = makeLinkTo({ links, publicUrl: 'https://backends.example.com', hours: 2 })
    const { url, until } = linkTo(path)
    expect(url).toMatch(/^https:\/\/backends\.example\.com\/jobs\//)
    expect(check(links, url, new Date(until.getTime() - 2_000))).toBe('valid')
    expect(check(links, url, until)).toBe('expired')
  })
})

describe('the secret of links', () => {
  let dataDir: string
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'links-'))
  })
  afterAll(() => rm(dataDir, { recursive: true }))

  it('is kept for this user alone, and is the same for everybody who starts at the same time', async () => {
    const all = await Promise.all(Array.from({ length: 8 }, () => openLinks({ secrets: [], dataDir })))
    const signed = all.map((links) => links.sign(path, inAnHour))
    expect(new Set(signed).size).toBe(1)
    const file = join(dataDir, 'link-secret')
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    expect((await readFile(file, 'utf8')).length).toBe(43)
    expect(check(await openLinks({ secrets: [], dataDir }), signed[0]!)).toBe('valid')
  })

  it('is the one of the settings where there is one', async () => {
    const links = await openLinks({ secrets: [fresh, old], dataDir: join(dataDir, 'link-secret') })
    expect(links.sign(path, inAnHour)).toBe(makeLinks([fresh]).sign(path, inAnHour))
  })

  it('that is empty or cannot be kept stops the start with a sentence', async () => {
    await writeFile(join(dataDir, 'link-secret'), '')
    await expect(openLinks({ secrets: [], dataDir })).rejects.toThrow('contains no secret of at least 32')
    const noFolder = join(dataDir, 'link-secret', 'x')
    await expect(openLinks({ secrets: [], dataDir: noFolder })).rejects.toThrow('Set LINK_SECRET')
  })
})
