import { defaultStack } from '../../stacks/registry.ts'
import type { HandlerSpec } from '../../stacks/stack.ts'
import { CODE_RULES } from '../code/rules-in-words.ts'

const byKind = {
  operation: defaultStack.handlerInstructions('operation', CODE_RULES),
  task: defaultStack.handlerInstructions('task', CODE_RULES),
}

/** What a model is told about every handler of this kind. */
export const instructionsFor = ({ kind }: Pick<HandlerSpec, 'kind'>): string => byKind[kind]
