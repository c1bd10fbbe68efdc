import { z } from 'zod'
import type { Account } from '../../llm/account.ts'
import { ModelError } from '../../llm/model-error.ts'
import type { StructuredModel, Turn } from '../../llm/structured-model.ts'
import type { HandlerSpec } from '../../stacks/stack.ts'
import type { Once } from '../../attempt/checkpoint.ts'
import type { CodeViolation } from '../../code-check/source.ts'
import { computeWriteInProcess, type ComputeWrite } from './compute-write.ts'
import { cleanCode, MAX_CODE } from './clean-code.ts'
import { admissionIn } from './admission.ts'
import { instructionsFor } from './instructions.ts'
import { describeCodeFaults } from './handler-message.ts'

/** Enough for `MAX_CODE`, in tokens. */
const MOST_TOKENS = 16_000

/** Models of servers that enforce no schema leave it out. */
const MaybeEmpty = z.preprocess((value) => value ?? '', z.string())
/** All as text, since one type is what every server can enforce. */
const CodeAnswer = z.strictObject({
  code: z.string(),
  notes: z.string(),
  /** Why it cannot be written; empty where it can. */
  cannot: MaybeEmpty,
})
/** The title of an example that contradicts the rules, and why it does; empty where none does. */
const RepairAnswer = CodeAnswer.extend({ wrongExample: MaybeEmpty, whyWrong: MaybeEmpty })
type RepairAnswer = z.infer<typeof RepairAnswer>

/** The result of requesting one file. */
export type CodeOutcome =
  | {
      readonly kind: 'written'
      readonly code: string
      readonly notes: string
      readonly objection: Objection | null
    }
  | { readonly kind: 'failed'; readonly reason: string }
  /** The model says that it cannot be written, and why. */
  | { readonly kind: 'declined'; readonly reason: string; readonly objection: Objection | null }

/** An example that contradicts the rules, as the model says that repairs the code. */
export type Objection = { readonly example: string; readonly why: string }

/** The result of one call; stored, so that it is never paid for again. */
const Call = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('answered'), value: z.unknown() }),
  z.object({ kind: z.literal('failed'), reason: z.string() }),
])
type Call = z.infer<typeof Call>

/** A transient failure of a call, whose result is not stored. */
class PassingFailure extends Error {
  readonly code = 'passing_failure'
  readonly call: Call
  constructor(call: Call) {
    super('the model could not be asked')
    this.call = call
  }
}

export type RequestContext = {
  readonly once: Once
  readonly account: Account
  readonly signal: AbortSignal
  /** Default: in place. */
  readonly compute?: ComputeWrite | undefined
  readonly onTokens: (count: number) => void
  /** The stage, and all that the answer depends on besides the instructions and the model. */
  readonly key: readonly [stage: 'write' | 'repair', ...inputs: unknown[]]
}

/**
 * Requests the code of one operation or task, and once more with the violations of the first answer if it has any. Each
 * call is stored under a hash of its inputs. Throws the signal's reason.
 */
export async function requestCode(
  model: StructuredModel,
  spec: HandlerSpec,
  turns: readonly Turn[],
  context: RequestContext,
): Promise<CodeOutcome> {
  const [stage, ...inputs] = context.key
  const ask = async (attempt: number, input: readonly Turn[]): Promise<Call> => {
    try {
      const depends = [model.name, instructionsFor(spec), ...inputs, attempt]
      return await context.once(stage, depends, Call, () => callModel(model, spec, input, context))
    } catch (error) {
      if (error instanceof PassingFailure) return error.call
      throw error
    }
  }
  const first = await ask(1, turns)
  if (first.kind === 'failed') return first
  const read = await readAnswer(first.value, spec, context)
  if (read.faults.length === 0) return outcomeOf(read.answer)

  const second = await ask(2, [
    ...turns,
    { role: 'assistant', text: JSON.stringify(first.value).slice(0, 2 * MAX_CODE) },
    { role: 'user', text: describeCodeFaults(read.faults) },
  ])
  if (second.kind === 'failed') return second
  const again = await readAnswer(second.value, spec, context)
  if (again.faults.length === 0) return outcomeOf(again.answer)
  if (again.admitted !== undefined) return outcomeOf({ ...again.answer, cannot: again.admitted })
  const reason = `The code that the model wrote could not be used: ${again.faults[0]!.message}.`
  return { kind: 'failed', reason }
}

async function callModel(
  model: StructuredModel,
  spec: HandlerSpec,
  input: readonly Turn[],
  { signal, account, onTokens, key }: RequestContext,
): Promise<Call> {
  try {
    const { value } = await model.ask({
      stage: key[0],
      instructions: instructionsFor(spec),
      input,
      schema: key[0] === 'repair' ? RepairAnswer : CodeAnswer,
      schemaName: 'operation_code',
      cacheKey: `${spec.kind}-code`,
      maxAnswerTokens: MOST_TOKENS,
      signal,
      account,
      onTokens,
    })
    return { kind: 'answered', value }
  } catch (error) {
    if (!(error instanceof ModelError)) throw error
    const call: Call = { kind: 'failed', reason: `${error.message} ${error.hint}`.trim() }
    // A call that the budget did not allow is not stored.
    if (error.retryable || error.usage.calls === 0) throw new PassingFailure(call)
    return call
  }
}

type ReadAnswer = {
  readonly answer: RepairAnswer
  readonly faults: readonly CodeViolation[]
  /** The sentence of the notes that says that something does not work. */
  readonly admitted?: string | undefined
}

async function readAnswer(
  value: unknown,
  spec: HandlerSpec,
  { compute = computeWriteInProcess, signal }: RequestContext,
): Promise<ReadAnswer> {
  const parsed = RepairAnswer.safeParse(value)
  if (!parsed.success) {
    const faults: CodeViolation[] = [
      { line: null, message: 'the answer is not an object with the texts code and notes' },
    ]
    return { answer: NOTHING, faults }
  }
  const { data } = parsed
  const text = (value: string) => value.trim().slice(0, 500)
  const answer = {
    code: cleanCode(data.code),
    notes: text(data.notes),
    cannot: text(data.cannot),
    wrongExample: text(data.wrongExample),
    whyWrong: text(data.whyWrong),
  }
  const { code } = answer
  if (answer.cannot !== '') return { answer, faults: [] }
  const { functionName, imports, kind } = spec
  const expected = {
    functionName,
    imports,
    isOperation: kind === 'operation',
    isShared: kind === 'helper',
  }
  try {
    const faults = await compute('checkHandler', { code, expected }, signal)
    const admitted = admissionIn(answer.notes)
    if (faults.length > 0) return { answer, faults }
    // What a helper takes is its own decision.
    const whole =
      kind === 'helper'
        ? answer
        : { ...answer, code: await compute('keepParameters', { code, signature: spec.signature }, signal) }
    if (admitted === null) return { answer: whole, faults }
    const message = `the notes say "${admitted}"; what does not work is no decision: write it so that it works, or leave code empty and say why in cannot. If all that the rules say does work, leave the sentence out`
    return { answer: whole, faults: [{ line: null, message }], admitted }
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'too_complex') throw error
    const faults: CodeViolation[] = [{ line: null, message: 'the code is too complex to be checked' }]
    return { answer, faults }
  }
}

const NOTHING: RepairAnswer = { code: '', notes: '', cannot: '', wrongExample: '', whyWrong: '' }

function outcomeOf({ code, notes, cannot, wrongExample, whyWrong }: RepairAnswer): CodeOutcome {
  const objection = wrongExample === '' ? null : { example: wrongExample, why: whyWrong }
  return cannot === ''
    ? { kind: 'written', code, notes, objection }
    : { kind: 'declined', reason: `The model that should write it says that it cannot: ${cannot}`, objection }
}
