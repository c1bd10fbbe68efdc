import { defaultStack } from '../../stacks/registry.ts'
import type { HandlerSpec } from '../../stacks/stack.ts'
import { CODE_RULES } from '../../code-check/code-rules.ts'

const byKind = {
  operation: defaultStack.handlerInstructions('operation', CODE_RULES),
  task: defaultStack.handlerInstructions('task', CODE_RULES),
  helper: defaultStack.handlerInstructions('helper', CODE_RULES),
}

/** The instructions for a model that writes a handler of this kind. */
export const instructionsFor = ({ kind }: Pick<HandlerSpec, 'kind'>): string => byKind[kind]
