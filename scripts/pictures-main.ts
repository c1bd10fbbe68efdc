import { findChromium, openBrowser } from '../test/pictures/browser.ts'
import { drawSheets } from '../test/pictures/sheets.ts'
import { FOLDER, writePictures } from '../test/pictures/write.ts'

// Draws the pictures of the chats that changed. Needs Chromium and the fonts that CONTRIBUTING.md names.

const chromium = await findChromium()
if (chromium === null) throw new Error('There is no chromium on the PATH: apt install chromium')
const sheets = await drawSheets()
await using browser = await openBrowser(chromium)
for (const name of await writePictures(FOLDER, sheets, browser)) console.log(`${FOLDER}/${name}.png`)
