import { crc32, deflateSync, inflateSync } from 'node:zlib'

/*
 * Makes a PNG smaller: 16 levels a channel at first, fewer until 256 colours are enough, then a palette. Screenshots
 * of text have few colours, so that nobody sees the difference.
 */

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

/** Takes what Chromium writes: 8 bits a channel, RGB or RGBA, not interlaced. */
export function withPalette(png: Buffer): Buffer {
  const { width, height, channels, data } = decode(png)
  for (let bits = 4; bits > 2; bits--) {
    const found = indexed(data, channels, bits)
    if (found === null) continue
    const rows = Buffer.alloc((width + 1) * height)
    for (let y = 0; y < height; y++) found.pixels.copy(rows, y * (width + 1) + 1, y * width, (y + 1) * width)
    const header = Buffer.alloc(13)
    header.writeUInt32BE(width, 0)
    header.writeUInt32BE(height, 4)
    header.set([8, 3, 0, 0, 0], 8)
    return Buffer.concat([
      SIGNATURE,
      chunk('IHDR', header),
      chunk('PLTE', Buffer.from(found.palette.flat())),
      chunk('IDAT', deflateSync(rows, { level: 9, memLevel: 9 })),
      chunk('IEND', Buffer.alloc(0)),
    ])
  }
  return png
}

/** Null when there are too many colours. A colour of the palette is the most frequent of those that are alike. */
function indexed(data: Buffer, channels: number, bits: number) {
  const drop = 8 - bits
  const known = new Map<number, number>()
  const exact: Map<number, number>[] = []
  const pixels = Buffer.alloc(data.length / channels)
  for (let at = 0, index = 0; at < data.length; at += channels, index++) {
    const [red, green, blue] = [data[at]!, data[at + 1]!, data[at + 2]!]
    const key = ((red >> drop) << 16) | ((green >> drop) << 8) | (blue >> drop)
    let colour = known.get(key)
    if (colour === undefined) {
      if (exact.length === 256) return null
      colour = exact.push(new Map()) - 1
      known.set(key, colour)
    }
    const rgb = (red << 16) | (green << 8) | blue
    exact[colour]!.set(rgb, (exact[colour]!.get(rgb) ?? 0) + 1)
    pixels[index] = colour
  }
  const palette = exact.map((counts) => {
    const [[rgb] = [0]] = [...counts].toSorted(([, one], [, other]) => other - one)
    return [rgb >> 16, (rgb >> 8) & 255, rgb & 255]
  })
  return { palette, pixels }
}

function decode(png: Buffer) {
  const width = png.readUInt32BE(16)
  const height = png.readUInt32BE(20)
  const channels = png[25] === 6 ? 4 : 3
  const parts: Buffer[] = []
  for (let at = 8; at < png.length;) {
    const length = png.readUInt32BE(at)
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT') parts.push(png.subarray(at + 8, at + 8 + length))
    at += 12 + length
  }
  const raw = inflateSync(Buffer.concat(parts))
  const stride = width * channels
  const data = Buffer.alloc(stride * height)
  for (let y = 0; y < height; y++) {
    const filter = raw[y * (stride + 1)]!
    for (let x = 0; x < stride; x++) {
      const at = y * stride + x
      const left = x < channels ? 0 : data[at - channels]!
      const up = y === 0 ? 0 : data[at - stride]!
      const corner = x < channels || y === 0 ? 0 : data[at - stride - channels]!
      data[at] = raw[y * (stride + 1) + 1 + x]! + predicted(filter, left, up, corner)
    }
  }
  return { width, height, channels, data }
}

function predicted(filter: number, left: number, up: number, corner: number): number {
  switch (filter) {
    case 1:
      return left
    case 2:
      return up
    case 3:
      return (left + up) >> 1
    case 4: {
      const guess = left + up - corner
      const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)]
      return a <= b && a <= c ? left : b <= c ? up : corner
    }
    default:
      return 0
  }
}

function chunk(type: string, data: Buffer): Buffer {
  const out = Buffer.alloc(12 + data.length)
  out.writeUInt32BE(data.length, 0)
  out.write(type, 4, 'latin1')
  data.copy(out, 8)
  out.writeUInt32BE(crc32(out.subarray(4, 8 + data.length)), 8 + data.length)
  return out
}
