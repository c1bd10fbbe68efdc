import { timesInWords, type Blueprint, type OperationExample } from '#contract'
import type { ProjectFile } from '../../ports.ts'
import { entitiesIn } from '../../generate/design/lint/shapes.ts'
import { typeOf } from './templates/config-values.ts'
import { customSchemasPath, customTestPath, handlerPath, type Custom } from './customs.ts'
import { makeModel, relationsOf, type ProjectModel, type Resource } from './model.ts'
import { clientPath, type Client } from './services.ts'
import { contextType } from './templates/operations.ts'
import { taskContextType } from './templates/tasks.ts'
import { taskPath, taskTestPath, taskTitle } from './tasks.ts'

/** Everything that somebody needs to write one custom operation or scheduled task, and nothing else. */
export type HandlerBrief = {
  readonly kind: 'operation' | 'task'
  readonly id: string
  /** `POST /todos/:id/complete`, `scheduled task sendDigest`. */
  readonly title: string
  /** When a task runs, in words. */
  readonly when?: string
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

/** A brief for all that a Blueprint leaves to be written, out of the files that were rendered from it. */
export function briefsOf(blueprint: Blueprint, files: readonly ProjectFile[]): HandlerBrief[] {
  const model = makeModel(blueprint)
  const contents = new Map(files.map(({ path, content }) => [path, content]))
  return [...operationBriefs(model, contents), ...taskBriefs(model, contents)]
}

type Contents = ReadonlyMap<string, string>

function operationBriefs(model: ProjectModel, contents: Contents): HandlerBrief[] {
  return model.customs
    .filter(({ crud }) => crud === undefined)
    .map((custom) => {
      const { operation, functionName, fileName, inputName, resultName } = custom
      const resources = resourcesOf(custom, model)
      const clients = clientsOf(operation, model)
      const paths = [
        customSchemasPath(custom),
        ...resources.map((one) => `src/schemas/${one.fileName}.ts`),
        ...pathsOfClients(clients),
      ]
      return {
        kind: 'operation' as const,
        id: operation.id,
        title: `${operation.method} ${operation.path}`,
        functionName,
        path: handlerPath(custom),
        testPath: customTestPath(custom),
        imports: [
          '../errors.ts',
          '../operation-context.ts',
          '../database/repositories.ts',
          `../schemas/operations/${fileName}.ts`,
          ...resources.map((one) => `../schemas/${one.fileName}.ts`),
          ...clients.flatMap(importsOfClient),
          'node:crypto',
        ],
        summary: operation.summary,
        rules: operation.rules,
        refusals: operation.responses.errors,
        examples: operation.examples,
        types: paths.map((path) => ({ path, content: contents.get(path) ?? '' })),
        repositories: repositoriesOf(resources, model),
        config: configOf(model),
        signature: `export function ${functionName}(input: ${inputName}, context: ${contextType(operation)}): Promise<${resultName}> | ${resultName}`,
      }
    })
}

function taskBriefs(model: ProjectModel, contents: Contents): HandlerBrief[] {
  return model.tasks.map((task) => {
    const { schedule, description, functionName } = task
    const { id, rules, when } = schedule
    const resources = withNeighbours(resourcesNamedIn([description, ...rules], model), model)
    const clients = clientsOf(schedule, model)
    const paths = [...resources.map((one) => `src/schemas/${one.fileName}.ts`), ...pathsOfClients(clients)]
    return {
      kind: 'task' as const,
      id,
      title: taskTitle(schedule),
      when: timesInWords(when),
      functionName,
      path: taskPath(task),
      testPath: taskTestPath(task),
      imports: [
        '../task-context.ts',
        '../database/repositories.ts',
        ...resources.map((one) => `../schemas/${one.fileName}.ts`),
        ...clients.flatMap(importsOfClient),
        'node:crypto',
      ],
      summary: description,
      rules,
      refusals: [],
      examples: [],
      types: paths.map((path) => ({ path, content: contents.get(path) ?? '' })),
      repositories: repositoriesOf(resources, model),
      config: configOf(model),
      signature: `export function ${functionName}(context: ${taskContextType(schedule)}): Promise<void> | void`,
    }
  })
}

const clientsOf = ({ uses = [] }: { uses?: readonly string[] | undefined }, { clients }: ProjectModel) =>
  clients.filter(({ service }) => uses.includes(service.name))
const importsOfClient = ({ fileName }: Client, at: number): string[] => [
  ...(at === 0 ? ['../services/index.ts', '../services/service-error.ts'] : []),
  `../services/${fileName}.ts`,
]
const pathsOfClients = (clients: readonly Client[]): string[] => [
  ...(clients.length > 0 ? ['src/services/service-error.ts'] : []),
  ...clients.map(clientPath),
]

const configOf = ({ variables }: ProjectModel): HandlerBrief['config'] =>
  variables.map((one) => ({
    variable: one.name,
    property: one.property,
    type: typeOf(one),
    what: one.description,
  }))

const repositoriesOf = (resources: readonly Resource[], { links }: ProjectModel): string[] => [
  ...resources.map(({ key, typeName }) => `repositories.${key}: Table<${typeName}>`),
  ...links
    .filter(({ left, right }) => resources.includes(left) && resources.includes(right))
    .map(
      ({ key, left, right }) => `repositories.${key}: Links (left ${left.typeName}, right ${right.typeName})`,
    ),
]

/** What it is about: what it is listed with, answers or starts from, and what stands next to those. */
function resourcesOf({ operation, resource, guard, resourceOf }: Custom, model: ProjectModel): Resource[] {
  const { success } = operation.responses
  return withNeighbours(
    new Set<Resource>([
      ...(resource ? [resource] : []),
      ...(success.kind === 'json' ? entitiesIn(success.shape).map(resourceOf) : []),
      ...operation.examples.flatMap(({ rows }) => rows.map(({ entity }) => resourceOf(entity))),
      ...(guard.scheme === 'bearer' && model.account ? [model.account] : []),
      ...resourcesNamedIn([operation.summary, ...operation.rules], model),
    ]),
    model,
  )
}

function resourcesNamedIn(sentences: readonly string[], { resources }: ProjectModel): Set<Resource> {
  const plain = (text: string) =>
    ` ${text
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
      .trim()} `
  const said = plain(sentences.join(' '))
  return new Set(
    resources.filter(({ entity, label, labelPlural }) =>
      [entity.name, entity.plural, label, labelPlural].some((name) => said.includes(plain(name))),
    ),
  )
}

/** Where nothing is known of what it is about, everything. */
function withNeighbours(core: ReadonlySet<Resource>, model: ProjectModel): Resource[] {
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
