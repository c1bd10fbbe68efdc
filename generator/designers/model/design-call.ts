import { z } from 'zod'
import type { StructuredModel, Turn } from '../../llm/structured-model.ts'
import { makeTokenProgress } from '../../attempt/token-progress.ts'
import type { DesignContext } from '../designer.ts'

/** A design of a hundred entities, in tokens. */
const MOST_TOKENS = 32_000

const StoredAnswer = z.object({ value: z.unknown() })

/** What all calls of one kind share. */
export type DesignTask = {
  readonly instructions: string
  readonly schema: z.ZodType
  readonly schemaName: string
  readonly cacheKey: string
}

/**
 * Requests a design from a model. The answer is stored under `key`, which is all it depends on besides the task, so that
 * the next attempt does not request it again. Throws a `ModelError` or the signal's reason.
 */
export async function callForDesign(
  model: StructuredModel,
  task: DesignTask,
  question: { readonly doing: string; readonly input: readonly Turn[]; readonly key: unknown },
  { once, account, signal, onProgress }: DesignContext,
): Promise<unknown> {
  const { doing, input, key } = question
  const count = makeTokenProgress((tokens) =>
    onProgress(tokens > 0 ? `${model.name} is ${doing}: ${tokens} tokens` : `${model.name} is ${doing}`),
  )
  count.report()
  const kept = await once('design-call', [model.name, task.instructions, key], StoredAnswer, async () => {
    const { value } = await model.ask({
      ...task,
      stage: 'design',
      input,
      maxAnswerTokens: MOST_TOKENS,
      signal,
      account,
      onTokens: count.stream(),
    })
    return { value }
  })
  return kept.value
}
