import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { readPrompt } from '#lib/read-prompt'
import type { Once } from '../../attempt/checkpoint.ts'
import type { Account } from '../../llm/account.ts'
import { ModelError } from '../../llm/model-error.ts'
import type { StructuredModel } from '../../llm/structured-model.ts'
import type { HandlerSpec } from '../../stacks/stack.ts'
import type { Objection } from '../write/request-code.ts'

const INSTRUCTIONS = readPrompt(new URL('prompts/judge-example.md', import.meta.url))
/** Of the verdict: an example, and a sentence. */
const MOST_TOKENS = 3_000

export type Example = HandlerSpec['examples'][number]
export type Verdict =
  | { readonly kind: 'keep'; readonly reason: string }
  | { readonly kind: 'correct'; readonly reason: string; readonly example: unknown }
  | { readonly kind: 'drop'; readonly reason: string }

/** All in one object, since that is what every server can enforce. */
const VerdictAnswer = z.strictObject({
  verdict: z.enum(['keep', 'correct', 'drop']),
  reason: z.string(),
  example: z.string(),
})

/** As it is stored. */
const Answered = z.object({ value: z.unknown() })

/**
 * Asks the design model once whether an example contradicts the rules. What it does not say clearly keeps the example: an
 * objection alone never removes a test. Throws the signal's reason.
 */
export async function judgeExample(
  model: StructuredModel,
  given: {
    readonly spec: HandlerSpec
    readonly example: Example
    readonly objection: Objection
    /** The messages of its test. */
    readonly found: readonly string[]
  },
  context: {
    readonly once: Once
    readonly account: Account
    readonly signal: AbortSignal
    readonly marker?: () => string
  },
): Promise<Verdict> {
  const { spec, example, objection, found } = given
  const { once, account, signal, marker = randomUUID } = context
  const { title, summary, rules, refusals, request } = spec
  const material = JSON.stringify(
    { route: title, summary, rules, refusals, request, example, objection: objection.why, found },
    null,
    1,
  )
  let line = marker()
  while (material.includes(line)) line = marker()
  const text = `What you judge stands between the two lines that read ${line}.\n${line}\n${material}\n${line}`
  try {
    // Without what was found: IDs in it differ each time.
    const depends = ['judge', model.name, INSTRUCTIONS, title, rules, example, objection]
    const { value } = await once('repair', depends, Answered, async () => {
      const answer = await model.ask({
        stage: 'repair',
        instructions: INSTRUCTIONS,
        input: [{ role: 'user', text }],
        schema: VerdictAnswer,
        schemaName: 'example_verdict',
        cacheKey: 'example-verdict',
        maxAnswerTokens: MOST_TOKENS,
        signal,
        account,
      })
      return { value: answer.value }
    })
    return read(value, example)
  } catch (error) {
    if (!(error instanceof ModelError)) throw error
    return { kind: 'keep', reason: '' }
  }
}

/** What was given may not change: another request would be another test. */
const GIVEN = new Set(['title', 'rows', 'request', 'answers', 'now'])

function read(value: unknown, example: Example): Verdict {
  const { data } = VerdictAnswer.safeParse(value)
  if (data === undefined) return { kind: 'keep', reason: '' }
  const reason = data.reason.trim().slice(0, 300)
  if (data.verdict !== 'correct') return { kind: data.verdict, reason }
  const corrected = parse(data.example)
  if (corrected === null) return { kind: 'keep', reason }
  const outcome = Object.entries(corrected).filter(([name]) => !GIVEN.has(name))
  const given = Object.entries(example).filter(([name]) => GIVEN.has(name))
  return { kind: 'correct', reason, example: Object.fromEntries([...given, ...outcome]) }
}

function parse(text: string): object | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : null
  } catch {
    return null
  }
}
