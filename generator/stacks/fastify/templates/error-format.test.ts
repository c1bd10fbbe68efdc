import { expect, it } from 'vitest'
import { errorFormatFile } from './error-format.ts'

it('an error that is a bare text in JSON has its quotation marks', () => {
  const json = errorFormatFile({ body: { kind: 'value', holds: 'message' } })
  expect(json).toContain('return JSON.stringify(message);')
  const text = errorFormatFile({ mediaType: 'text/plain', body: { kind: 'value', holds: 'message' } })
  expect(text).toContain('return error.message;')
  const number = errorFormatFile({ body: { kind: 'value', holds: 'status' } })
  expect(number).toContain('return statusCode;')
})
