import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { Resvg, initWasm } from '@resvg/resvg-wasm'

/** The largest picture, in pixels: it is held several times while it is drawn. */
const MAX_PIXELS = 8_000_000
/** Letters of 12 pixels are too small for the screens of phones. */
const ZOOM = 2

const FAMILY = 'DejaVu Mono'
const WASM = import.meta.resolve('@resvg/resvg-wasm/index_bg.wasm')
const FONTS = [
  import.meta.resolve('@fontsource/dejavu-mono/files/dejavu-mono-latin-400-normal.woff2'),
  import.meta.resolve('@fontsource/dejavu-mono/files/dejavu-mono-latin-700-normal.woff2'),
]

const fileOf = (url: string) => readFile(fileURLToPath(url))

/** Draws an SVG as PNG, with fonts that come with the service. Call it once in a thread: it blocks, and keeps memory. */
export async function renderPng(svg: string): Promise<Uint8Array> {
  await initWasm(await fileOf(WASM))
  const fontBuffers = await Promise.all(FONTS.map(fileOf))
  const [, width = 1, height = 1] = (/ width="(\d+)" height="(\d+)"/.exec(svg) ?? []).map(Number)
  const drawing = new Resvg(svg, {
    font: { fontBuffers, defaultFontFamily: FAMILY, monospaceFamily: FAMILY },
    fitTo: { mode: 'zoom', value: Math.min(ZOOM, Math.sqrt(MAX_PIXELS / (width * height))) },
  })
  return drawing.render().asPng()
}
