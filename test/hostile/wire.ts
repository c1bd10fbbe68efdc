import { z } from 'zod'
import { designInstructions } from '../../generator/designers/model/design-instructions.ts'
import { instructionsFor } from '../../generator/stages/write/instructions.ts'

const Turn = z.strictObject({ role: z.enum(['user', 'assistant']), content: z.string() })
const Format = {
  name: z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/),
  strict: z.literal(true),
  schema: z.looseObject({ type: z.literal('object'), additionalProperties: z.literal(false) }),
}
/** Texts before the user input, the same for every request. */
const INSTRUCTIONS = [
  designInstructions,
  instructionsFor({ kind: 'operation' }),
  instructionsFor({ kind: 'task' }),
]
/** The text after an invalid response: only the schema in words. */
const SCHEMA_IN_WORDS = /^\n\nAnswer with one JSON object [^\n]*\n(\{[^\n]*\})$/
const Instructions = z.string().refine(
  (text) =>
    INSTRUCTIONS.some((base) => {
      if (!text.startsWith(base)) return false
      const rest = text.slice(base.length)
      const schema = SCHEMA_IN_WORDS.exec(rest)?.[1]
      return rest === '' || (schema !== undefined && JSON.parse(schema).additionalProperties === false)
    }),
  'the instructions are not the ones that every request has',
)

/** The allowed properties of a call, by each API's documentation. */
const WIRE = {
  responses: z.strictObject({
    model: z.literal('gpt-4o'),
    instructions: Instructions,
    input: z.array(Turn).min(1),
    text: z.strictObject({ format: z.strictObject({ type: z.literal('json_schema'), ...Format }) }),
    stream: z.literal(true),
    store: z.literal(false),
  }),
  chat: z.strictObject({
    model: z.literal('gpt-4o'),
    messages: z.tuple([z.strictObject({ role: z.literal('system'), content: Instructions })], Turn),
    response_format: z.strictObject({ type: z.literal('json_schema'), json_schema: z.strictObject(Format) }),
    stream: z.literal(true),
    stream_options: z.strictObject({ include_usage: z.literal(true) }),
  }),
}

/**
 * Why a request over the wire is invalid, or null: its form, and whether user input (`words`) appears
 * outside of its two marker lines.
 */
export function wireProblem(over: 'responses' | 'chat', body: string, words: string): string | null {
  const parsed = WIRE[over].safeParse(JSON.parse(body))
  if (!parsed.success) return z.prettifyError(parsed.error)
  const { data } = parsed
  const turns = 'input' in data ? data.input : data.messages.slice(1)
  const asked = turns.filter(({ role }) => role === 'user')
  if (turns.at(-1)?.role !== 'user') return 'the last turn is not the user’s'
  const outside = asked.find(({ content }) => withoutEnclosed(content).includes(words))
  return outside === undefined
    ? null
    : `the words stand outside of their markers: ${withoutEnclosed(outside.content)}`
}

/** A text without the parts between marker lines. */
function withoutEnclosed(text: string): string {
  const markers = [...text.matchAll(/between the two lines that read ([0-9a-f-]{36})[.;]/g)].map(
    ([, mark]) => mark!,
  )
  return markers.reduce((left, mark) => {
    const [before, , ...after] = left.split(`\n${mark}\n`)
    const rest = after.join(`\n${mark}\n`)
    // The last marker ends the text.
    return rest === '' && before !== undefined ? before : `${before}${rest}`
  }, `${text}\n`)
}
