import { expect, test } from 'vitest'
import { PHONE, phoneLines } from './phone.ts'

test.each([
  ['', 1],
  ['x'.repeat(PHONE.columns), 1],
  ['x'.repeat(PHONE.columns + 1), 2],
  [`${'x'.repeat(20)} ${'x'.repeat(20)}`, 2],
  [`short ${'x'.repeat(PHONE.columns)}`, 2],
  ['one\ntwo', 2],
])('%j takes %i lines on a phone', (text, lines) => {
  expect(phoneLines(text)).toBe(lines)
})
