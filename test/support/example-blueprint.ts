import type { Blueprint } from '#contract'
import { lintBlueprint } from '../../generator/blueprint/lint-blueprint.ts'
import { exampleDesign } from '../../generator/designers/model/design-example.ts'
import { readDesign } from '../../generator/designers/model/read-design.ts'

/** The example design that the fake model returns. */
export function exampleBlueprint(): Blueprint {
  const reading = readDesign(exampleDesign, { options: {} })
  if (reading.kind !== 'sound') throw new Error('The recorded design is not sound any more.')
  return lintBlueprint(reading.design.blueprint).blueprint
}
