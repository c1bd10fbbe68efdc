import { describe, expect, it } from 'vitest'
import { encodeRequest, decodeRequest, type SlackRequest } from './request-codec.ts'
import { LIMITS } from './limits.ts'

const request: SlackRequest = {
  prompt: 'Ein Shop mit Büchern 📚',
  options: { name: 'Shop', auth: 'jwt' },
  fileId: 'F1',
  refines: null,
  channelId: 'C1',
  threadTs: null,
  key: 'slack:trigger:13.1',
}

describe('a request in a button', () => {
  it('round-trips', () => {
    expect(decodeRequest(encodeRequest(request))).toEqual(request)
  })

  it('fits even with a prompt of several thousand characters', () => {
    const prompt = 'A library with books, authors and loans; members sign in and borrow books. '.repeat(40)
    const packed = encodeRequest({ ...request, prompt })
    expect(packed?.length).toBeLessThanOrEqual(LIMITS.button.value)
    expect(decodeRequest(packed)?.prompt).toBe(prompt)
  })

  it.each([[''], ['nonsense'], [undefined], [Buffer.from('{}').toString('base64url')]])(
    'is nothing when it is no request: %j',
    (value) => {
      expect(decodeRequest(value)).toBeNull()
    },
  )

  it('is rejected when it would inflate without bound', () => {
    expect(decodeRequest(encodeRequest({ ...request, prompt: 'x'.repeat(200_000) }))).toBeNull()
  })
})
