import type { Blueprint, DocumentPart } from '#contract'
import type { ProjectFile, RenderProject } from '../ports.ts'
import { defaultStack } from '../stacks/registry.ts'
import type { HandlerSpec } from '../stacks/stack.ts'
import { lintOrThrow } from '../designers/lint-or-throw.ts'
import { readAttachedOpenApi } from '../designers/import/attached-openapi.ts'
import { DESIGN_TASKS } from '../designers/tasks.ts'
import { planNextVersion } from '../stages/refine/next-version.ts'
import { reuseHandlers } from '../stages/refine/reuse-handlers.ts'
import { renderProject } from '../stages/render-project.ts'
import { planCalls } from '../verify/conformance/plan-calls.ts'
import { VERIFY_TASKS } from '../verify/tasks.ts'
import { WRITE_TASKS } from '../stages/write/tasks.ts'

/**
 * All work whose duration depends on user input: it never runs in a process that serves other requests. Each task takes
 * and returns plain data and depends on nothing else.
 */
export const TASKS = {
  ...DESIGN_TASKS,
  lintOrThrow,
  planNextVersion,
  render: ({ blueprint, ...options }: { blueprint: Blueprint } & NonNullable<Parameters<RenderProject>[1]>) =>
    renderProject(blueprint, options),
  handlerSpecs: ({ blueprint, files }: { blueprint: Blueprint; files: readonly ProjectFile[] }) =>
    defaultStack.handlerSpecs(blueprint, files),
  reuseHandlers: (input: {
    source: Parameters<typeof reuseHandlers>[0]
    after: Blueprint
    specs: readonly HandlerSpec[]
  }) => reuseHandlers(input.source, input.after, input.specs),
  /** The calls that compare a project with the attached document; null for documents without operations. */
  planConformance: async (given: { spec: string; blueprint: Blueprint; notes: readonly DocumentPart[] }) => {
    const document = await readAttachedOpenApi(given.spec)
    return document && planCalls({ document, blueprint: given.blueprint, notes: given.notes })
  },
  ...VERIFY_TASKS,
  ...WRITE_TASKS,
}
