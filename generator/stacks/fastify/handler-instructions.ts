import { fillPrompt, readPrompt } from '#lib/read-prompt'
import type { HandlerSpec } from '../stack.ts'

const read = (name: string) => readPrompt(new URL(`prompts/${name}.md`, import.meta.url))

/** A helper chooses what it takes, so its file has rules of its own. */
const THE_FILE = read('handler-file')
const shared = {
  CONTEXT: read('handler-context'),
  CANNOT: read('handler-cannot'),
}
const templates: Readonly<Record<HandlerSpec['kind'], string>> = {
  operation: read('operation-handler'),
  task: read('task-handler'),
  helper: read('helper'),
}

/** The system prompt for a model that writes a handler of this kind. */
export const handlerInstructions = (kind: HandlerSpec['kind'], codeRules: string): string =>
  fillPrompt(templates[kind], {
    ...shared,
    ...(kind !== 'helper' && { THE_FILE }),
    CODE_RULES: codeRules,
  })
