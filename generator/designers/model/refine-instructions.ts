import { readPrompt } from '#lib/read-prompt'
import { designInstructions } from './design-instructions.ts'

/** Always the same text, which begins like that of a first design, so that services can cache it. */
export const refineInstructions = readPrompt(new URL('prompts/refine.md', import.meta.url), {
  DESIGN_INSTRUCTIONS: designInstructions,
})
