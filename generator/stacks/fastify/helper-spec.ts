import { helperTitle } from '#contract'
import type { HandlerSpec } from '../stack.ts'
import { helperPath, type SharedHelper } from './helpers.ts'
import type { ProjectModel } from './model.ts'

/** A helper may use what those that call it may, but for their requests and other helpers. */
export function helperSpec(
  shared: SharedHelper,
  callers: readonly HandlerSpec[],
  config: HandlerSpec['config'],
): HandlerSpec {
  const { helper, functionName } = shared
  const users = callers.filter(({ id }) => helper.usedBy.includes(id))
  const union = <T>(of: (user: HandlerSpec) => readonly T[], keyOf: (one: T) => unknown): T[] => [
    ...new Map(users.flatMap(of).map((one) => [keyOf(one), one])).values(),
  ]
  const isOwn = (path: string) => /\bschemas\/operations\/|\/shared\//.test(path)
  return {
    kind: 'helper',
    id: helper.id,
    title: helperTitle(helper),
    functionName,
    path: helperPath(shared),
    testPaths: users.flatMap(({ testPaths }) => testPaths),
    users: users.map(({ id, title, path, testPaths, helpers = [], summary, rules }) => ({
      id,
      title,
      path,
      testPaths,
      helpers,
      summary,
      rules,
    })),
    imports: union(
      ({ imports }) => imports,
      (path) => path,
    ).filter((path) => !isOwn(path)),
    summary: helper.description,
    rules: helper.rules,
    refusals: union(
      ({ refusals }) => refusals,
      ({ status, code }) => `${status} ${code}`,
    ),
    examples: [],
    types: union(
      ({ types }) => types,
      ({ path }) => path,
    ).filter(({ path }) => !isOwn(path)),
    repositories: union(
      ({ repositories }) => repositories,
      (text) => text,
    ),
    config,
    signature: `export function ${functionName}(…): …`,
  }
}

/** The helpers that an operation or task calls; nothing where there are none. */
export function calledBy(id: string, model: ProjectModel): Pick<HandlerSpec, 'helpers'> {
  const called = sharedBy(id, model)
  return called.length === 0
    ? {}
    : {
        helpers: called.map((shared) => ({
          id: shared.helper.id,
          title: helperTitle(shared.helper),
          path: helperPath(shared),
        })),
      }
}
const sharedBy = (id: string, { helpers }: ProjectModel) =>
  helpers.filter(({ helper }) => helper.usedBy.includes(id))
export const importsOfHelpers = (id: string, model: ProjectModel): string[] =>
  sharedBy(id, model).map(({ fileName }) => `../shared/${fileName}.ts`)
