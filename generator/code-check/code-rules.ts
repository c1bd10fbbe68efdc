import { readPrompt } from '#lib/read-prompt'

/** What the code check rejects, for a model that writes a handler. Keep it true to `findViolations`. */
export const CODE_RULES = readPrompt(new URL('prompts/code-rules.md', import.meta.url))
