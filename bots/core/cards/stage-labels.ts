import type { Stage } from '#contract'

/** The stages in the words of the card and of the details. */
export const LABEL: Readonly<Record<Stage, string>> = {
  intake: 'Read the request',
  design: 'Design the backend',
  lint: 'Check the design',
  render: 'Write the project',
  write: 'Write custom operations',
  verify: 'Type-check, boot and test',
  repair: 'Repair',
  review: 'Compare with the request',
  mutants: 'Test the tests',
  pack: 'Pack the archive',
}
