/** The bytes of a request's body. */
import type { CallBody, Value } from '../conformance/plan.ts'

type Fill = (value: Value) => unknown

/** A picture of one pixel, since what is uploaded may be looked at. */
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
const BOUNDARY = 'conformance-boundary-7f3a'

export function encodeBody(
  body: CallBody,
  fill: Fill,
): { readonly type: string; readonly bytes: Buffer; readonly json?: string } {
  switch (body.kind) {
    case 'json': {
      const json = JSON.stringify(fill(body.value))
      return { type: body.type, bytes: Buffer.from(json), json }
    }
    case 'bytes':
      return { type: body.type, bytes: sampleFile(body.type) }
    case 'text':
      return { type: body.type, bytes: Buffer.from(body.text) }
    case 'form': {
      const form = new URLSearchParams()
      for (const [name, value] of body.fields) form.append(name, textOf(fill(value)))
      return { type: 'application/x-www-form-urlencoded', bytes: Buffer.from(form.toString()) }
    }
    case 'multipart':
      return {
        type: `multipart/form-data; boundary=${BOUNDARY}`,
        bytes: Buffer.concat([
          ...body.fields.flatMap(([name, value]) => partOf(name, value, fill)),
          Buffer.from(`--${BOUNDARY}--\r\n`),
        ]),
      }
  }
}

function partOf(name: string, value: Value, fill: Fill): Buffer[] {
  const file = typeof value === 'object' && value !== null && '$file' in value ? String(value.$file) : null
  const quoted = name.replaceAll(/["\r\n]/g, '_')
  const about = file === null ? '' : `; filename="sample"\r\ncontent-type: ${file.replaceAll(/[\r\n]/g, '')}`
  const content = file === null ? Buffer.from(textOf(fill(value))) : sampleFile(file)
  return [
    Buffer.from(`--${BOUNDARY}\r\ncontent-disposition: form-data; name="${quoted}"${about}\r\n\r\n`),
    content,
    Buffer.from('\r\n'),
  ]
}

const sampleFile = (type: string): Buffer => (/^image\/(png|\*)/.test(type) ? PNG : Buffer.from('sample'))

const textOf = (value: unknown): string =>
  typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value ?? '')
