import type { Blueprint, OperationExample } from '#contract'
import type { ProjectFile } from '../../ports.ts'
import { entitiesIn } from '../../generate/design/lint/shapes.ts'
import { typeOf } from './templates/config-values.ts'
import { customSchemasPath, customTestPath, handlerPath, type Custom } from './customs.ts'
import { makeModel, relationsOf, type ProjectModel, type Resource } from './model.ts'

/** Everything that somebody needs to write one custom operation, and nothing else. */
export type HandlerBrief = {
  readonly id: string
  /** `POST /todos/:id/complete`. */
  readonly route: string
  readonly functionName: string
  /** The file that is to be written, and the test that is not. */
  readonly path: string
  readonly testPath: string
  /** What it may import. */
  readonly imports: readonly string[]
  readonly summary: string
  /** What the person said who attached the document that it is in. */
  readonly request?: string
  readonly rules: readonly string[]
  readonly refusals: readonly { readonly status: number; readonly code: string; readonly when: string }[]
  readonly examples: readonly OperationExample[]
  /** Source text, by the path of its file: types to use. */
  readonly types: readonly { readonly path: string; readonly content: string }[]
  /** The repositories it may need, one a line. */
  readonly repositories: readonly string[]
  /** What the service is configured with: the properties of `context.config`. */
  readonly config: readonly {
    readonly variable: string
    readonly property: string
    readonly type: string
    readonly what: string
  }[]
  /** The signature to keep. */
  readonly signature: string
}

/** A brief for each custom operation of a Blueprint, out of the files that were rendered from it. */
export function briefsOf(blueprint: Blueprint, files: readonly ProjectFile[]): HandlerBrief[] {
  const model = makeModel(blueprint)
  const contents = new Map(files.map(({ path, content }) => [path, content]))
  return model.customs
    .filter(({ crud }) => crud === undefined)
    .map((custom) => {
      const { operation, functionName, fileName, inputName, resultName } = custom
      const resources = resourcesOf(custom, model)
      const paths = [customSchemasPath(custom), ...resources.map((one) => `src/schemas/${one.fileName}.ts`)]
      return {
        id: operation.id,
        route: `${operation.method} ${operation.path}`,
        functionName,
        path: handlerPath(custom),
        testPath: customTestPath(custom),
        imports: [
          '../errors.ts',
          '../operation-context.ts',
          '../database/repositories.ts',
          `../schemas/operations/${fileName}.ts`,
          ...resources.map((one) => `../schemas/${one.fileName}.ts`),
          'node:crypto',
        ],
        summary: operation.summary,
        rules: operation.rules,
        refusals: operation.responses.errors,
        examples: operation.examples,
        types: paths.map((path) => ({ path, content: contents.get(path) ?? '' })),
        repositories: [
          ...resources.map(({ key, typeName }) => `repositories.${key}: Table<${typeName}>`),
          ...model.links
            .filter(({ left, right }) => resources.includes(left) && resources.includes(right))
            .map(
              ({ key, left, right }) =>
                `repositories.${key}: Links (left ${left.typeName}, right ${right.typeName})`,
            ),
        ],
        config: model.variables.map((one) => ({
          variable: one.name,
          property: one.property,
          type: typeOf(one),
          what: one.description,
        })),
        signature: `export function ${functionName}(input: ${inputName}, context: OperationContext): Promise<${resultName}> | ${resultName}`,
      }
    })
}

/** What it is about: what it is listed with, answers or starts from, and what stands next to those. */
function resourcesOf({ operation, resource, guard, resourceOf }: Custom, model: ProjectModel): Resource[] {
  const { success } = operation.responses
  const words = new Set(
    `${operation.summary} ${operation.rules.join(' ')}`.toLowerCase().split(/[^\p{L}\p{N}]+/u),
  )
  const core = new Set<Resource>([
    ...(resource ? [resource] : []),
    ...(success.kind === 'json' ? entitiesIn(success.shape).map(resourceOf) : []),
    ...operation.examples.flatMap(({ rows }) => rows.map(({ entity }) => resourceOf(entity))),
    ...(guard.scheme === 'bearer' && model.account ? [model.account] : []),
    ...model.resources.filter(({ entity, label, labelPlural }) =>
      [entity.name, entity.plural, label, labelPlural].some((name) => words.has(name.toLowerCase())),
    ),
  ])
  if (core.size === 0) return model.resources
  const near = new Set(
    model.resources.filter(
      (one) =>
        relationsOf(one).some(({ relation }) => core.has(relation.target)) ||
        [...core].some((inner) => relationsOf(inner).some(({ relation }) => relation.target === one)),
    ),
  )
  return model.resources.filter((one) => core.has(one) || near.has(one))
}
