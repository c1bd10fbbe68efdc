import { BaseSequencer, type TestSpecification } from 'vitest/node'

/**
 * Twenty seconds or more each on an idle machine with two cores, in this order. Begun last, one of them would leave
 * the other core idle.
 */
const LONGEST = [
  'generator/stages/write-and-repair.slow',
  'test/hostile/hostile.slow',
  'test/chaos/chaos.slow',
  'test/hostile/worst-inputs.slow',
  'generator/verify/verify.slow',
  'generator/stages/render-project.slow',
  'test/slack.slow',
  'test/refine.slow',
  'test/deploy/production.slow',
  'test/openai.slow',
  'test/generate.slow',
  'test/blog-document.slow',
  'test/document-parts.slow',
  'test/smoke-chats',
  'test/smoke-sandboxes',
  'test/crash.slow',
  'test/hostile/forgery/forgeries.slow',
  'test/discord.slow',
  'test/bun.slow',
  'test/imported-documents.slow',
  'test/stop.slow',
  'jobs/queue/producer/submit.slow',
  'jobs/store/s3/swift.slow',
  'test/random-blueprints.slow',
  'bench/benches.slow',
  'test/slack-oauth.slow',
  'test/review-and-mutants.slow',
  'test/cli.slow',
  'generator/stacks/fastify/templates/examples.slow',
  'test/plausible/plausible.slow',
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
