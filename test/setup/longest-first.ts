import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** A minute or more each. Begun last, one of them would leave the other cores idle. */
const LONGEST = [
  'random-blueprints',
  'write-and-repair',
  'hostile',
  'prompts',
  'deliver/crash',
  'refine',
  'verify',
  'render-project',
]
const rank = ({ moduleId, project }: TestSpecification): number => {
  if (project.name !== 'slow') return LONGEST.length + 1
  const found = LONGEST.findIndex((name) => moduleId.includes(name))
  return found === -1 ? LONGEST.length : found
}

/** Long files before short ones, also on a machine that has never run them and so knows no times. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    return sorted.toSorted((one, other) => rank(one) - rank(other))
  }
}
