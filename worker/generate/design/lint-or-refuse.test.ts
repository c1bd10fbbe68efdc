import { expect, test } from 'vitest'
import { designFromDocument } from './import/design-from-document.ts'
import { lintOrRefuse } from './lint-or-refuse.ts'

const spec = 'CREATE TABLE items (valueOf INTEGER PRIMARY KEY, title TEXT NOT NULL);'

test.each([
  [true, 'Change this in the attached document and send it again.'],
  [false, 'Say it in the prompt in other words and try again.'],
])('a fault of the design says where to correct it (from a document: %s)', async (fromDocument, hint) => {
  const { blueprint } = await designFromDocument({ prompt: '', spec, options: {} })
  const lint = () => lintOrRefuse({ designed: blueprint, before: null, fromDocument })
  expect(lint).toThrow(expect.objectContaining({ code: 'design_invalid', hint }))
  expect(lint).toThrow(/valueOf/)
})
