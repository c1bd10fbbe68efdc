import { isDeepStrictEqual } from 'node:util'
import type { Blueprint } from '#contract'
import { GenerateError } from '../attempt/failure.ts'
import type { ProjectFile, RenderProject } from '../ports.ts'
import { defaultStack } from '../stacks/registry.ts'
import type { Examples } from '../stages/repair/disputes.ts'
import { withExamples } from '../stages/repair/disputes.ts'
import type { Built } from '../stages/repair/trials.ts'
import type { Written } from '../stages/write-handlers.ts'
import type { ComputeAll } from '../tasks/compute-all.ts'
import type { ConformancePlan } from '../verify/conformance/plan.ts'
import type { PipelineDeps } from './pipeline-deps.ts'

type Handlers = Written['handlers']

/** Renders and verifies the projects of one job. */
export function makeBuilds(
  deps: Pick<PipelineDeps, 'render' | 'verify'>,
  context: {
    /** What a next version adds to its files. */
    readonly rendered: Pick<NonNullable<Parameters<RenderProject>[1]>, 'migrations' | 'extra'> | undefined
    readonly fromDocument: boolean
    /** The calls that compare the project with the attached document; null without one. */
    readonly conformance: ConformancePlan | null
    readonly compute: ComputeAll
    readonly signal: AbortSignal
    readonly onProgress: (detail: string) => void
  },
) {
  const { rendered, fromDocument, conformance: plan, compute, signal, onProgress } = context

  const projectOf = ({ config, services }: Blueprint) => ({
    environment: defaultStack.requiredEnvironment({ config }),
    services: services.map(({ baseUrl }) => baseUrl),
  })
  const render = (handlers: Handlers, blueprint: Blueprint) =>
    deps.render(blueprint, { handlers, ...rendered, signal })
  const verify = async (blueprint: Blueprint, files: readonly ProjectFile[]): Promise<Built> => ({
    files,
    verification: await deps.verify({ files, ...projectOf(blueprint), plan, signal, onProgress }),
  })
  const build = async (handlers: Handlers, blueprint: Blueprint) =>
    verify(blueprint, await render(handlers, blueprint))
  /** Whether a Blueprint can be built with other examples. */
  const acceptsFor = (of: Blueprint) => async (examples: Examples) => {
    const designed = withExamples(of, examples)
    return compute('lintOrThrow', { designed, before: null, fromDocument }, signal).then(
      ({ blueprint: linted }) => isDeepStrictEqual(linted, designed),
      (error: unknown) => {
        if (error instanceof GenerateError) return false
        throw error
      },
    )
  }
  return {
    projectOf,
    render,
    verify,
    build,
    acceptsFor,
    /** What it takes to add to a design. */
    forAdditions: {
      lint: async (designed: Blueprint, before: Blueprint) =>
        (await compute('lintOrThrow', { designed, before, fromDocument }, signal)).blueprint,
      specsOf: (blueprint: Blueprint, files: readonly ProjectFile[]) =>
        compute('handlerSpecs', { blueprint, files }, signal),
      render: (blueprint: Blueprint) => render({}, blueprint),
      build: (blueprint: Blueprint, handlers: Handlers) => build(handlers, blueprint),
      acceptsFor,
    },
  }
}
