import { describe, expect, it } from 'vitest'
import type { ErrorTemplate, Shape } from '#contract'
import { toErrorTemplate } from './error-template.ts'

const string: Shape = { kind: 'string', nullable: false }
const integer: Shape = { kind: 'integer', nullable: false }
const list = (items: Shape): Shape => ({ kind: 'array', items, nullable: false })
const object = (properties: Record<string, Shape>, required: readonly string[] = []): Shape => ({
  kind: 'object',
  nullable: false,
  properties: Object.entries(properties).map(([name, shape]) => ({
    name,
    shape,
    required: required.includes(name),
  })),
})

/** `{ problems: [message] }` */
function written(template: ErrorTemplate): unknown {
  switch (template.kind) {
    case 'value':
      return `<${template.holds}>`
    case 'constant':
      return template.value
    case 'object':
      return Object.fromEntries(template.properties.map(({ name, value }) => [name, written(value)]))
    case 'emptyList':
      return []
    case 'list':
      return [written(template.items)]
    case 'byField':
      return template.isList ? '<messages by field>' : '<message by field>'
  }
}

const formOf = (shape: Shape, status?: number) => {
  const made = toErrorTemplate(shape, status)
  return made && written(made.template)
}

describe('the form of an error', () => {
  it.each<[string, Shape, unknown]>([
    ['a list of texts', object({ problems: list(string) }), { problems: ['<message>'] }],
    ['a message', object({ message: string }), { message: '<message>' }],
    ['an error', object({ error: string }), { error: '<message>' }],
    [
      'a status as code',
      object({ code: integer, message: string }),
      { code: '<status>', message: '<message>' },
    ],
    [
      'the form of NestJS',
      object({ statusCode: integer, message: string, error: string }),
      { statusCode: '<status>', message: '<message>', error: '<title>' },
    ],
    [
      'problem details',
      object({
        type: { kind: 'url', nullable: false },
        title: string,
        status: integer,
        detail: string,
        instance: string,
      }),
      { type: 'about:blank', title: '<title>', status: '<status>', detail: '<message>', instance: '<path>' },
    ],
    [
      'the form of FastAPI',
      object({
        detail: list(object({ loc: list({ kind: 'any', nullable: true }), msg: string, type: string })),
      }),
      { detail: [{ loc: ['<field>'], msg: '<problem>', type: '<code>' }] },
    ],
    [
      'the form of Spring',
      object({
        timestamp: { kind: 'datetime', nullable: false },
        status: integer,
        error: string,
        path: string,
        message: string,
      }),
      { timestamp: '<time>', status: '<status>', error: '<title>', path: '<path>', message: '<message>' },
    ],
    [
      'an object within',
      object({ error: object({ code: string, message: string, traceId: string }) }),
      { error: { code: '<code>', message: '<message>', traceId: '<requestId>' } },
    ],
    [
      'messages by field',
      object({ errors: { kind: 'record', values: list(string), nullable: false } }),
      { errors: '<messages by field>' },
    ],
    [
      'messages of the body',
      object({ errors: object({ body: list(string) }) }),
      { errors: { body: ['<message>'] } },
    ],
    [
      'a flag',
      object({ success: { kind: 'boolean', nullable: false }, message: string }),
      { success: false, message: '<message>' },
    ],
    [
      'the form of OAuth',
      object({ error: string, error_description: string }),
      { error: '<code>', error_description: '<message>' },
    ],
    ['a text', string, '<message>'],
    ['nothing that says what happened', object({ id: integer }), null],
    ['no object', integer, null],
  ])('is read from %s', (_what, shape, expected) => {
    expect(formOf(shape)).toEqual(expected)
  })

  it('has the listed code that is named like the status', () => {
    const shape = object({
      code: { kind: 'enum', values: ['BAD_INPUT', 'NOT_FOUND'], nullable: false },
      message: string,
    })
    expect(formOf(shape, 404)).toEqual({ code: 'NOT_FOUND', message: '<message>' })
    expect(formOf(shape, 403)).toEqual({ message: '<message>' })
  })

  it('has a constant for a required property of which nothing is known', () => {
    const made = toErrorTemplate(
      object({ message: string, help: string, links: list(integer) }, ['help', 'links']),
    )!
    expect(written(made.template)).toEqual({ message: '<message>', help: '', links: [] })
    expect(made.unknown).toEqual(['help', 'links'])
  })
})
