import { div, escape } from './escape.ts'
import { CHATS, SLACK, takePictures, type PicturedChat } from './pictures.ts'
import type { Picture } from './shown.ts'
import { BUILDING, THREAD } from './states/jobs.ts'

/** A picture file: its name, the document that it shows and how dense its pixels are. */
export type Sheet = {
  readonly name: string
  readonly html: string
  readonly width: number
  readonly scale: number
}

/** CSS pixels: of a message beside its channel list, and of a narrow phone. */
const DESKTOP = 640
const PHONE_WIDTH = 390
const GAP = 24

const page = ({ css }: PicturedChat, body: string): string => `<!doctype html>
<meta charset="utf-8">
<style>
* { box-sizing: border-box; }
body { margin: 0; background: #fff; -webkit-font-smoothing: antialiased; }
.sheet { display: grid; grid-template-columns: ${DESKTOP}px ${PHONE_WIDTH}px; gap: 8px ${GAP}px; padding: 16px; align-items: start;
  background: #e9eaee; }
.caption { grid-column: 1 / -1; margin-top: 8px; font: 700 13px/18px Lato, sans-serif; color: #55585f; }
.frame { border-radius: 6px; overflow: hidden; background: #fff; }
.thread { padding: 8px 0; }
${css}
</style>
${body}
`

const frame = (kind: 'desktop' | 'phone', { part }: Pick<Picture, 'part'>, html: string) =>
  `<div class="frame ${kind}"${part === undefined ? '' : ` data-part="${part}"`}>${html}</div>`

/** Messages one below the other, as wide as on a desktop and beside it as on a phone. */
export function sheetOf(name: string, chat: PicturedChat, pictures: readonly Picture[]): Sheet {
  const rows = pictures.flatMap((picture) => {
    const html = chat.draw(picture.shown)
    return [
      div('caption', escape(picture.caption)),
      frame('desktop', picture, html),
      frame('phone', picture, html),
    ]
  })
  return {
    name,
    html: page(chat, div('sheet', ...rows)),
    width: DESKTOP + PHONE_WIDTH + GAP + 32,
    scale: 1,
  }
}

/** A whole thread, from the request to its result. */
async function threadHtml(chat: PicturedChat): Promise<string> {
  await using wire = await chat.openWire()
  const parent = await wire.send(THREAD.parent)
  const card = await wire.send(THREAD.card)
  const result = await wire.send(THREAD.result)
  const [first, last] = chat === SLACK ? ['10:24 AM', '10:27 AM'] : ['Today at 10:24', 'Today at 10:27']
  const between = chat === SLACK ? div('slack', div('replies', '2 replies')) : div('discord', '<hr>')
  return page(
    chat,
    div('thread', chat.draw(parent, first), between, chat.draw(card, first), chat.draw(result, last)),
  )
}

/** The card on a phone while the backend is built. */
async function buildingSheet(chat: PicturedChat): Promise<Sheet> {
  await using wire = await chat.openWire()
  const html = page(chat, div('thread', chat.draw(await wire.send(BUILDING))))
  return { name: `${chat.kind}-building`, html, width: PHONE_WIDTH, scale: 2 }
}

/** All pictures of the documentation. They depend on what is sent, and on nothing of the machine or the day. */
export async function drawSheets(): Promise<Sheet[]> {
  const sheets: Sheet[] = []
  for (const chat of CHATS) {
    const bySheet = Map.groupBy(await takePictures(chat), ({ sheet }) => sheet)
    for (const [name, pictures] of bySheet) sheets.push(sheetOf(`${chat.kind}-${name}`, chat, pictures))
    sheets.push({ name: `${chat.kind}-thread`, html: await threadHtml(chat), width: DESKTOP, scale: 2 })
  }
  sheets.push(await buildingSheet(SLACK))
  return sheets
}
