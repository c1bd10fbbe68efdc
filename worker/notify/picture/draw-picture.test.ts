import { inflateSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { drawPicture } from './draw-picture.ts'

const svg = (body: string, width = 200, height = 40) =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="Menlo, monospace" font-size="12"><rect width="${width}" height="${height}" fill="#ffffff"/>${body}</svg>`

const signal = new AbortController().signal

/** Width, height and the bytes of the rows. */
function read(png: Uint8Array) {
  const bytes = Buffer.from(png)
  const data: Buffer[] = []
  for (let at = 8; at < bytes.length;) {
    const length = bytes.readUInt32BE(at)
    if (bytes.toString('latin1', at + 4, at + 8) === 'IDAT')
      data.push(bytes.subarray(at + 8, at + 8 + length))
    at += length + 12
  }
  return {
    width: bytes.readUInt32BE(16),
    height: bytes.readUInt32BE(20),
    rows: inflateSync(Buffer.concat(data)),
  }
}

test('draws words without the fonts of the system, in regular and bold', async () => {
  const of = async (body: string) => read(await drawPicture(svg(body), signal)).rows.toString('base64')
  const [nothing, regular, bold] = await Promise.all([
    of(''),
    of('<text x="10" y="20">Order</text>'),
    of('<text x="10" y="20" font-weight="bold">Order</text>'),
  ])
  expect(new Set([nothing, regular, bold]).size).toBe(3)
})

test('is twice as large as the SVG, and never larger than memory allows', async () => {
  expect(read(await drawPicture(svg(''), signal))).toMatchObject({ width: 400, height: 80 })
  const { width, height } = read(await drawPicture(svg('', 20_000, 10_000), signal))
  expect(width * height).toBeLessThan(8_200_000)
  expect(width / height).toBeCloseTo(2, 1)
})

test('says that it failed', async () => {
  await expect(drawPicture('no picture', signal)).rejects.toThrow(/./)
  await expect(drawPicture(svg(''), AbortSignal.abort(new Error('stopped')))).rejects.toThrow('stopped')
})
