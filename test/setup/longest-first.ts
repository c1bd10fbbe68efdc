import { BaseSequencer, type TestSpecification } from 'vitest/node'

/**
 * Twenty seconds or more each on an idle machine with two cores, in this order. Begun last, one of them would leave
 * the other core idle.
 */
const LONGEST = [
  'generator/stages/write-and-repair.slow',
  'test/chaos/chaos.slow',
  'test/hostile/hostile.slow',
  'test/plausible/plausible.slow',
  'test/hostile/worst-inputs.slow',
  'test/crash.slow',
  'test/random-blueprints.slow',
  'test/slack.slow',
  'test/deploy/production.slow',
  'jobs/queue/producer/submit.slow',
  'test/generate.slow',
  'test/smoke',
  'generator/verify/verify.slow',
  'test/hostile/forgery/forgeries.slow',
  'test/refine.slow',
  'test/openai.slow',
  'generator/stages/render-project.slow',
  'test/logs.slow',
  'test/stop.slow',
  'test/cli.slow',
  'test/prompts.slow',
  'jobs/store/s3/swift.slow',
  'test/bun.slow',
  'worker/notify/crash-discord.slow',
  'worker/notify/crash.slow',
]
const rank = ({ moduleId, project }: TestSpecification): number => {
  const found = LONGEST.findIndex((name) => moduleId.endsWith(`/${name}.test.ts`))
  if (found !== -1) return found
  return project.name === 'slow' ? LONGEST.length : LONGEST.length + 1
}

/** Long files before short ones, also on a machine that has never run them and so knows no times. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    return sorted.toSorted((one, other) => rank(one) - rank(other))
  }
}
