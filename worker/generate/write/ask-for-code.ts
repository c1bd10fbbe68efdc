import { z } from 'zod'
import { Ledger } from '#contract'
import { addLedgers, noUsage } from '../../models/ledger.ts'
import { ModelError } from '../../models/model-error.ts'
import type { StructuredModel, Turn } from '../../models/structured-model.ts'
import type { HandlerBrief } from '../../stacks/fastify/briefs.ts'
import { checkHandler, cleanCode, type CodeFault } from './check-handler.ts'
import { writeInstructions } from './write-instructions.ts'
import { describeCodeFaults } from './write-question.ts'

/** Both as text, since one type is what every server can enforce. */
const CodeAnswer = z.strictObject({ code: z.string(), notes: z.string() })

/** What came of asking for one file, with everything that it cost; kept, so that it is never paid for again. */
export const Asked = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('written'), code: z.string(), notes: z.string(), ledger: Ledger }),
  z.object({ kind: z.literal('failed'), reason: z.string(), ledger: Ledger }),
])
export type Asked = z.infer<typeof Asked>

/** The service failed in a way that may pass, so the outcome is not worth keeping. */
export class PassingFailure extends Error {
  readonly code = 'passing_failure'
  readonly outcome: Asked
  constructor(outcome: Asked) {
    super('the model could not be asked')
    this.outcome = outcome
  }
}

/**
 * Asks for the code of one operation, and once more with the faults of the first answer if it has any. Throws
 * `PassingFailure`, or the signal's reason.
 */
export async function askForCode(
  model: StructuredModel,
  brief: HandlerBrief,
  turns: readonly Turn[],
  context: { readonly signal: AbortSignal; readonly onTokens?: (tokens: number) => void },
): Promise<Asked> {
  let ledger = noUsage
  let conversation = turns
  let faults: readonly CodeFault[] = []
  for (let attempt = 1; attempt <= 2; attempt += 1) {
    let value: unknown
    try {
      const answer = await model.ask({
        instructions: writeInstructions,
        input: conversation,
        schema: CodeAnswer,
        schemaName: 'operation_code',
        cacheKey: 'operation-code',
        ...context,
      })
      ledger = addLedgers(ledger, answer.usage)
      value = answer.value
    } catch (error) {
      if (!(error instanceof ModelError)) throw error
      ledger = addLedgers(ledger, error.usage)
      const failed: Asked = { kind: 'failed', reason: `${error.message} ${error.hint}`.trim(), ledger }
      if (error.retryable) throw new PassingFailure(failed)
      return failed
    }
    const parsed = CodeAnswer.safeParse(value)
    const code = parsed.success ? cleanCode(parsed.data.code) : ''
    faults = parsed.success
      ? await checkHandler(code, brief)
      : [{ line: null, message: 'the answer is not an object with the texts code and notes' }]
    if (parsed.success && faults.length === 0)
      return { kind: 'written', code, notes: parsed.data.notes.trim().slice(0, 500), ledger }
    conversation = [
      ...turns,
      { role: 'assistant', text: JSON.stringify(value).slice(0, 40_000) },
      { role: 'user', text: describeCodeFaults(faults) },
    ]
  }
  return {
    kind: 'failed',
    reason: `The code that the model wrote could not be used: ${faults[0]!.message}.`,
    ledger,
  }
}

/** The outcome, kept or not. */
export async function orPassingFailure(kept: Promise<Asked>): Promise<Asked> {
  try {
    return await kept
  } catch (error) {
    if (error instanceof PassingFailure) return error.outcome
    throw error
  }
}
