/** A program for the folder of an installation: draws a picture with the WebAssembly and the fonts that are installed there. */
export const DRAW_PICTURE = `
  const { drawPicture } = await import('./worker/notify/picture/draw-picture.ts')
  const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><text x="2" y="14">Order</text></svg>'
  const png = Buffer.from(await drawPicture(svg, new AbortController().signal))
  console.log('drawn: ' + png.toString('latin1', 1, 4) + ' ' + png.readUInt32BE(16) + 'x' + png.readUInt32BE(20))
`
