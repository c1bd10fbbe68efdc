import { readPrompt } from '#lib/read-prompt'
import { exampleDesign, exampleRequest } from './design-example.ts'

/**
 * The system prompt of every design. The same text for all requests, so that services can cache it: nothing that a
 * person wrote belongs in it.
 */
export const designInstructions = readPrompt(new URL('prompts/design.md', import.meta.url), {
  EXAMPLE_REQUEST: exampleRequest,
  EXAMPLE_DESIGN: JSON.stringify(exampleDesign),
})
