import { toResult } from '../../bots/core/cards/result.ts'
import { PROMPTS, reportFor } from '../support/thread-prompts.ts'
import { CHATS } from './pictures.ts'
import type { Picture } from './shown.ts'
import { finished } from './states/samples.ts'
import { sheetOf, type Sheet } from './sheets.ts'

/** The results of requests of many kinds, to be measured. */
export const promptSheets = (): Promise<Sheet[]> =>
  Promise.all(
    CHATS.map(async (chat) => {
      await using wire = await chat.openWire()
      const pictures: Picture[] = []
      for (const prompt of PROMPTS) {
        const view = finished(reportFor(prompt), { prompt })
        const result = toResult(view, '', { filename: view.archive!.filename, at: 'message' })
        const shown = await wire.send({ kind: 'result', result })
        pictures.push({ sheet: 'prompts', caption: prompt, part: 'result', shown })
      }
      return sheetOf(`${chat.kind}-prompts`, chat, pictures)
    }),
  )
