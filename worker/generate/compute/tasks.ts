import type { Blueprint } from '#contract'
import { defaultStack } from '../../stacks/registry.ts'
import type { HandlerSpec } from '../../stacks/stack.ts'
import type { ProjectFile, RenderProject } from '../../ports.ts'
import { designFromDocument } from '../design/import/design-from-document.ts'
import { lintOrRefuse } from '../design/lint-or-refuse.ts'
import { designFromWords, refineFromWords } from '../design/offline/from-words.ts'
import { readDesign } from '../design/read-design.ts'
import { readRefinement } from '../design/read-refinement.ts'
import { planNextVersion } from '../refine/next-version.ts'
import { reuseHandlers } from '../refine/reuse-handlers.ts'
import { renderProject } from '../stages/render-project.ts'
import { readFiles } from '../verify/read-files.ts'
import { replayOf } from '../verify/replay.ts'
import { readServedDocument } from '../verify/served-document.ts'
import { checkHandler } from '../write/check-handler.ts'

/**
 * Whatever computes for as long as somebody else's text wants: it never runs in a process that others wait for. Each
 * takes and gives plain data, and depends on nothing else.
 */
export const TASKS = {
  designFromDocument,
  designFromWords,
  refineFromWords,
  readDesign: ({
    value,
    options,
  }: {
    value: unknown
    options: Parameters<typeof readDesign>[1]['options']
  }) => readDesign(value, { options }),
  readRefinement: ({ value, present }: { value: unknown; present: Blueprint }) =>
    readRefinement(value, present),
  lintOrRefuse,
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
  /** What is repeated of a project from outside; see `replayOf`. */
  replayOf: (files: readonly ProjectFile[]) => replayOf(files, defaultStack.replay),
  readFiles,
  readServedDocument,
  checkHandler: ({ code, expected }: { code: string; expected: Parameters<typeof checkHandler>[1] }) =>
    checkHandler(code, expected),
}
