import { readPrompt } from '#lib/read-prompt'
import { designInstructions } from './design-instructions.ts'

/** Always the same text, which begins like that of a first design, so that services can cache it. */
export const completeInstructions = readPrompt(new URL('prompts/complete.md', import.meta.url), {
  DESIGN_INSTRUCTIONS: designInstructions,
})
