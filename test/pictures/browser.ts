import { constants } from 'node:fs'
import { access } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { env } from 'node:process'
import { chromium, type Page } from 'playwright-core'
import type { Sheet } from './sheets.ts'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome']
/** What the pictures are drawn with; without them, lines would break elsewhere. */
const FONTS = ['Lato', 'Open Sans', 'DejaVu Sans Mono', 'Noto Color Emoji']

/** Null where there is none on the PATH. */
export async function findChromium(path = env['PATH'] ?? ''): Promise<string | null> {
  for (const folder of path.split(delimiter).filter(Boolean))
    for (const name of NAMES) {
      const file = join(folder, name)
      if (
        await access(file, constants.X_OK).then(
          () => true,
          () => false,
        )
      )
        return file
    }
  return null
}

/** A browser without a network. Throws when a font is missing. */
export async function openBrowser(executablePath: string) {
  const browser = await chromium.launch({ executablePath, args: ['--font-render-hinting=none'] })
  const missing = await missingFonts(await browser.newPage())
  if (missing.length > 0) {
    await browser.close()
    throw new Error(
      `The pictures need fonts: ${missing.join(', ')} (apt install fonts-lato fonts-open-sans fonts-dejavu-core fonts-noto-color-emoji)`,
    )
  }
  return {
    /** A page that shows a sheet. */
    async open({ html, width, scale }: Sheet): Promise<Page> {
      const context = await browser.newContext({
        viewport: { width, height: 100 },
        deviceScaleFactor: scale,
        offline: true,
        locale: 'en-US',
      })
      const page = await context.newPage()
      await page.setContent(html)
      await page.evaluate('document.fonts.ready')
      return page
    },
    [Symbol.asyncDispose]: () => browser.close(),
  }
}

/** Runs in the page. A missing font is as wide as the one that stands in for it. */
const MISSING = (fonts: readonly string[]) => `(() => {
  const context = document.createElement('canvas').getContext('2d')
  const widthIn = (font) => {
    context.font = '40px ' + font
    return context.measureText('Handgloves 0123 🔵').width
  }
  const isMissing = (font) => ['serif', 'monospace'].every((other) => widthIn('"' + font + '", ' + other) === widthIn(other))
  return ${JSON.stringify(fonts)}.filter(isMissing)
})()`

const missingFonts = (page: Page): Promise<string[]> => page.evaluate(MISSING(FONTS))
