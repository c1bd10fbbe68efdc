import { randomUUID } from 'node:crypto'
import type { Blueprint } from '#contract'
import type { Logger } from '#lib/log'
import { fillPrompt, readPrompt } from '#lib/read-prompt'
import { GenerateError } from '../../attempt/failure.ts'
import { ModelError } from '../../llm/model-error.ts'
import type { StructuredModel } from '../../llm/structured-model.ts'
import { computeDesignInProcess, type ComputeDesign } from '../compute-design.ts'
import type { DesignContext } from '../designer.ts'
import { callForDesign, type DesignTask } from './design-call.ts'
import { enclose } from './design-message.ts'
import { FurtherExamples, MOST_FURTHER_EXAMPLES } from './read-further-examples.ts'

const TASK: DesignTask = {
  instructions: fillPrompt(readPrompt(new URL('prompts/further-examples.md', import.meta.url)), {
    MOST: String(MOST_FURTHER_EXAMPLES),
  }),
  schema: FurtherExamples,
  schemaName: 'further_examples',
  cacheKey: 'further-examples',
}

/** An operation, its code, and faults in it that none of its tests noticed. */
export type Unnoticed = {
  readonly operation: string
  readonly code: string
  readonly faults: readonly string[]
}

/**
 * Asks the model that designs for examples whose tests would notice the faults. Resolves with the Blueprint and those of its
 * answer that fit; with the same Blueprint if there are none or the model cannot be asked. Rejects on abort.
 */
export type RequestFurtherExamples = (
  blueprint: Blueprint,
  unnoticed: readonly Unnoticed[],
  context: DesignContext,
) => Promise<Blueprint>

export function makeRequestFurtherExamples(deps: {
  readonly model: StructuredModel
  readonly log: Logger
  /** Creates the lines that enclose untrusted text. */
  readonly marker?: () => string
  readonly compute?: ComputeDesign
}): RequestFurtherExamples {
  const { model, log, marker = randomUUID, compute = computeDesignInProcess } = deps
  return async (blueprint, unnoticed, context) => {
    const { signal } = context
    const text = [
      'No test notices the faults that are listed with each operation. Answer with examples whose tests would.',
      enclose('design', JSON.stringify(designOf(blueprint, unnoticed)), marker),
      enclose('code and faults', JSON.stringify(unnoticed), marker),
    ].join('\n\n')
    const question = { doing: 'writing further examples', input: [{ role: 'user' as const, text }] }
    try {
      const key = [blueprint.operations, unnoticed]
      const value = await callForDesign(model, TASK, { ...question, key }, context)
      return await compute('readFurtherExamples', { value, blueprint }, signal)
    } catch (error) {
      signal.throwIfAborted()
      if (!(error instanceof ModelError || error instanceof GenerateError)) throw error
      log.info({ code: error.code }, 'the tests stay as they are')
      return blueprint
    }
  }
}

/** What the operations need to be understood. */
function designOf(
  { auth, entities, manyToMany, config, services, operations }: Blueprint,
  unnoticed: readonly Unnoticed[],
) {
  const asked = new Set(unnoticed.map(({ operation }) => operation))
  return {
    auth,
    entities,
    manyToMany,
    config,
    services,
    operations: operations.filter(({ id }) => asked.has(id)),
  }
}
