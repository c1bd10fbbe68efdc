import { createHash } from 'node:crypto'
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { openBrowser } from './browser.ts'
import { withPalette } from './png.ts'
import type { Sheet } from './sheets.ts'

/** The pictures of the documentation, with a list of what each was drawn from. */
export const FOLDER = 'docs/guide/img'
const LIST = 'pictures.json'
const List = z.record(z.string(), z.string())

export const hashOf = ({ html, width, scale }: Sheet): string =>
  createHash('sha256').update(`${width} ${scale}\n${html}`).digest('hex').slice(0, 16)

/** What each picture was drawn from, by its name. */
export const readList = async (folder: string): Promise<Record<string, string>> =>
  List.parse(JSON.parse(await readFile(join(folder, LIST), 'utf8').catch(() => '{}')))

/** Draws those that changed, and deletes what is none of them any more. Returns the names of what it wrote. */
export async function writePictures(
  folder: string,
  sheets: readonly Sheet[],
  browser: Awaited<ReturnType<typeof openBrowser>>,
): Promise<string[]> {
  await mkdir(folder, { recursive: true })
  const before = await readList(folder)
  const files = await readdir(folder)
  const changed = sheets.filter(
    (sheet) => before[sheet.name] !== hashOf(sheet) || !files.includes(`${sheet.name}.png`),
  )
  for (const sheet of changed) {
    const page = await browser.open(sheet)
    const png = await page.screenshot({ fullPage: true, animations: 'disabled' })
    await page.context().close()
    await writeFile(join(folder, `${sheet.name}.png`), withPalette(png))
  }
  const names = new Set(sheets.map(({ name }) => `${name}.png`))
  for (const file of files) if (file.endsWith('.png') && !names.has(file)) await rm(join(folder, file))
  const list = Object.fromEntries(sheets.map((sheet) => [sheet.name, hashOf(sheet)]))
  await writeFile(join(folder, LIST), `${JSON.stringify(list, null, 2)}\n`)
  return changed.map(({ name }) => name)
}
