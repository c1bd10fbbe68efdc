import { readFile, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { PHONE } from '../../bots/core/cards/phone.ts'
import { findChromium, openBrowser } from './browser.ts'
import { measure, type Measured } from './measure.ts'
import { promptSheets } from './prompt-sheets.ts'
import { drawSheets } from './sheets.ts'
import { sentencesOf } from './sentences.ts'
import { FOLDER, hashOf, readList } from './write.ts'

const MAX_BYTES = 3_000_000
const chromium = await findChromium()
const why = chromium === null ? ' (skipped: there is no chromium on the PATH)' : ''
const sheets = drawSheets()

describe('the pictures of the chats', { timeout: 480_000 }, () => {
  it('are those of what is sent today; `npm run pictures` updates them', async () => {
    const drawn = Object.fromEntries((await sheets).map((sheet) => [sheet.name, hashOf(sheet)]))
    expect(await readList(FOLDER)).toEqual(drawn)
    const files = (await readdir(FOLDER)).filter((file) => file.endsWith('.png'))
    expect(files.toSorted()).toEqual(
      Object.keys(drawn)
        .map((name) => `${name}.png`)
        .toSorted(),
    )
    const sizes = await Promise.all(files.map(async (file) => (await stat(join(FOLDER, file))).size))
    expect(sizes.reduce((sum, size) => sum + size)).toBeLessThan(MAX_BYTES)
  })

  it('are shown in the README: three, among them a thread of each chat', async () => {
    const names = (await readFile('README.md', 'utf8')).matchAll(/docs\/guide\/img\/([\w-]+)\.png/g)
    const shown = [...names].map(([, name]) => name)
    expect(shown).toHaveLength(3)
    expect(shown).toEqual(expect.arrayContaining(['slack-thread', 'discord-thread']))
  })

  it('have every sentence that a chat may show', async () => {
    const drawn = await sheets
    const textOf = (chat: string) =>
      plain(
        drawn
          .filter(({ name }) => name.startsWith(chat))
          .map(({ html }) => html)
          .join(' '),
      )
    const [slack, discord] = [textOf('slack'), textOf('discord')]
    const missing = [
      ...(await sentencesOf('bots/core')).filter(
        ({ words }) => !slack.includes(plain(words)) && !discord.includes(plain(words)),
      ),
      ...(await sentencesOf('bots/slack')).filter(({ words }) => !slack.includes(plain(words))),
      ...(await sentencesOf('bots/discord')).filter(({ words }) => !discord.includes(plain(words))),
    ]
    expect(missing.filter(({ words }) => !NOT_PICTURED.has(words))).toEqual([])
  })

  it.skipIf(chromium === null)(`fit a desktop and a phone, and no text is cut${why}`, async () => {
    await using browser = await openBrowser(chromium!)
    const measured: (Measured & { sheet: string })[] = []
    for (const sheet of await sheets) {
      const page = await browser.open(sheet)
      measured.push(...(await measure(page)).map((one) => ({ ...one, sheet: sheet.name })))
      await page.context().close()
    }
    expect(measured.length).toBeGreaterThan(200)
    expect(measured.filter(({ cut }) => cut.length > 0)).toEqual([])
    expect(
      measured.filter(
        ({ part, width, lines }) => part === 'result' && width === 'phone' && lines > PHONE.lines,
      ),
    ).toEqual([])
  })

  it.skipIf(chromium === null)(
    `show the results of ${PHONE.lines} lines at most, for 12 prompts${why}`,
    async () => {
      await using browser = await openBrowser(chromium!)
      const results: Measured[] = []
      for (const sheet of await promptSheets()) {
        const page = await browser.open(sheet)
        results.push(...(await measure(page)).filter(({ width }) => width === 'phone'))
        await page.context().close()
      }
      expect(results).toHaveLength(24)
      expect(results.filter(({ lines, cut }) => lines > PHONE.lines || lines < 3 || cut.length > 0)).toEqual(
        [],
      )
    },
  )
})

/** Words alone, without what breaks up markup. */
const plain = (html: string) =>
  html
    .replaceAll(/<(?:br|\/p|\/div|\/li)>/g, ' ')
    .replaceAll(/<[/a-z][^>]*>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
    .replaceAll(/[\u200B\\]/g, '')
    .replaceAll(/\s+/g, ' ')
    .trim()

/** Sentences without a picture: states that the stand-ins cannot reach, dialogs of the platform, and words for logs. */
const NOT_PICTURED = new Set([
  'Only members of the workspace where this app is installed can use it.',
  'This app isn’t allowed on this server. Ask your admin to allow it.',
  'This job was requested in another chat. Send the request again where you want the reply.',
  'Something went wrong on our side. Try again; if this keeps happening, contact your admin. The log has the details.',
  'The backend that the attached file describes',
  'No one can do that from here: the job was requested in another chat and no admins are configured.',
  'For the operator',
  'To finish (operations return 501 and tasks do nothing for now)',
  'Parts of the document',
  'Conformance to the document',
  'A REST API that stores nothing.',
  'Queued. I’ll reply where the backend was requested.',
  'I can’t join this conversation. I can work in a direct message with you instead.',
  // Errors inside a form, and the platform's own question before a job is cancelled.
  'Describe what to build.',
  'At most 60 characters.',
  'Describe the change.',
  'Cancel this job?',
  'Progress will be lost.',
  'Cancel the job',
  'Describe what to build. Nothing was started.',
  'A project name has 1 to 60 characters. Nothing was started. Try again with another name.',
  'A project name has 1 to 60 characters. Nothing was started.',
  'This form has expired. Nothing was started. Open it again.',
  // Where nobody is to be notified.
  'New backend request',
  'New backend request from <@',
  // Direct messages in Discord.
  'I’ll send the card and the archive in our direct messages.',
  'I can’t DM you, so I couldn’t deliver your backend. ',
  'I’m not installed on this server, and I can’t DM you. ',
  'Allow direct messages from this app in its profile, or ask an admin to install it on the server. Nothing was started.',
  'Sent to you as a direct message.',
  'Only you should see this, and I can’t DM you. Use ',
  'Bots can’t use this app.',
  'Discord didn’t say which channel this is. Try again in a channel.',
  // Answers to decisions on a plan, and choices of a closed select.
  'I’m changing the plan. The new one appears here.',
  'No plan of this job waits for a decision.',
  'Approved. I’m building it.',
  'This is plan',
  'This plan was decided already.',
  'This plan no longer waits for a decision.',
  'When it helps',
  'Never: build at once',
  'It stores nothing.',
  'This is what the plan has already. Say what to change, or close this and approve.',
  'This is what the plan has already, so nothing changed. Press Change again and say what to change, or approve it.',
  // Settings.
  'House rules of this',
  'Only they can change their own settings.',
  'These settings belong to another workspace.',
  'Only admins and owners of the workspace can change its settings.',
  'Only the creator of the channel and admins of the workspace can change its settings.',
  'These settings belong to another server.',
  'Only people with Manage Server can change the settings of this server.',
  'Change the settings of a channel in that channel.',
  'Only people with Manage Channels can change the settings of this channel. Use /backend settings, so that I know what you may do.',
  'Nothing was changed.',
  'There are no settings here.',
  'Choose one of the list.',
  'An amount in US dollars, such as 2.50.',
  'At most 2,000 characters.',
  'Changes apply to backends that are requested from then on.',
  'Settings of ',
  'Spent this month: nothing',
  'Spent this month: $',
  'Last changed by ',
  // Logs.
  'Slack event failed',
  'Slack event could not be parsed',
  'Socket Mode is off: turn it on in the settings of the app',
  'Discord event failed',
])
