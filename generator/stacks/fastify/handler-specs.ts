import { taskTitle, describeSchedule, successesOf, type Blueprint } from '#contract'
import type { ProjectFile } from '../../ports.ts'
import { entitiesIn } from '../../blueprint/lint/shapes.ts'
import { typeOf } from './templates/config-values.ts'
import { customSchemasPath, customTestPath, handlerPath, type NamedOperation } from './custom-operations.ts'
import { calledBy, helperSpec, importsOfHelpers } from './helper-spec.ts'
import { makeModel, type ProjectModel } from './model.ts'
import { relationsOf, type Resource } from './resource.ts'
import type { HandlerSpec } from '../stack.ts'
import { clientPath, type Client } from './services.ts'
import { contextType } from './templates/operations.ts'
import { taskContextType } from './templates/tasks.ts'
import { tableTypes } from './table-types.ts'
import { taskPath, taskTestPath } from './tasks.ts'

/** Handler specifications of a Blueprint's custom operations, tasks and shared helpers, from the rendered files. */
export function handlerSpecs(blueprint: Blueprint, files: readonly ProjectFile[]): HandlerSpec[] {
  const model = makeModel(blueprint)
  const contents = new Map(files.map(({ path, content }) => [path, content]))
  const callers = [...operationSpecs(model, contents), ...taskSpecs(model, contents)]
  return [...callers, ...model.helpers.map((helper) => helperSpec(helper, callers, configOf(model)))]
}

type Contents = ReadonlyMap<string, string>

function operationSpecs(model: ProjectModel, contents: Contents): HandlerSpec[] {
  return model.customs
    .filter(({ crud, operation }) => crud === undefined && operation.signIn === undefined)
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
        testPaths: [customTestPath(custom)],
        ...calledBy(operation.id, model),
        imports: [
          '../errors.ts',
          '../operation-context.ts',
          '../database/repositories.ts',
          `../schemas/operations/${fileName}.ts`,
          ...resources.map((one) => `../schemas/${one.fileName}.ts`),
          ...(model.account ? ['../auth/account-credentials.ts'] : []),
          ...clients.flatMap(importsOfClient),
          ...importsOfHelpers(operation.id, model),
          ...OF_NODE,
        ],
        summary: operation.summary,
        rules: operation.rules,
        refusals: operation.responses.errors,
        examples: operation.examples,
        types: [
          ...paths.map((path) => ({ path, content: contents.get(path) ?? '' })),
          ...(model.account ? [credentialsType(contents)] : []),
          ...(operation.files ? [fileType(contents)] : []),
        ],
        repositories: tableTypes(resources, model),
        config: configOf(model),
        signature: `export function ${functionName}(input: ${inputName}, context: ${contextType(operation)}): Promise<${resultName}> | ${resultName}`,
      }
    })
}

function taskSpecs(model: ProjectModel, contents: Contents): HandlerSpec[] {
  return model.tasks.map((task) => {
    const { schedule, description, functionName } = task
    const { id, rules, when } = schedule
    const shown = new Set((schedule.examples ?? []).flatMap(entitiesOf))
    const core = new Set([
      ...resourcesNamedIn([description, ...rules], model),
      ...model.resources.filter(({ entity }) => shown.has(entity.name)),
    ])
    const resources = withNeighbours(core, model)
    const clients = clientsOf(schedule, model)
    const paths = [...resources.map((one) => `src/schemas/${one.fileName}.ts`), ...pathsOfClients(clients)]
    return {
      kind: 'task' as const,
      id,
      title: taskTitle(schedule),
      when: describeSchedule(when),
      functionName,
      path: taskPath(task),
      testPaths: [taskTestPath(task)],
      ...calledBy(id, model),
      imports: [
        '../task-context.ts',
        '../database/repositories.ts',
        ...resources.map((one) => `../schemas/${one.fileName}.ts`),
        ...clients.flatMap(importsOfClient),
        ...importsOfHelpers(id, model),
        ...OF_NODE,
      ],
      summary: description,
      rules,
      refusals: [],
      examples: schedule.examples ?? [],
      types: paths.map((path) => ({ path, content: contents.get(path) ?? '' })),
      repositories: tableTypes(resources, model),
      config: configOf(model),
      signature: `export function ${functionName}(context: ${taskContextType(schedule)}): Promise<void> | void`,
    }
  })
}

/** What of these may be used, the code check decides. */
const OF_NODE = ['node:crypto', 'node:util']

const CREDENTIALS = 'src/auth/account-credentials.ts'

/** The type alone: how it is made is nothing that an operation may import. */
function credentialsType(contents: Contents): HandlerSpec['types'][number] {
  const content = /^export type AccountCredentials = \{\n[\s\S]*?^\};$/m.exec(
    contents.get(CREDENTIALS) ?? '',
  )?.[0]
  if (content === undefined) throw new Error(`${CREDENTIALS} does not declare what operations are given`)
  return { path: CREDENTIALS, content }
}

const FILES = 'src/http/multipart-bodies.ts'

/** What a file of a body is. */
function fileType(contents: Contents): HandlerSpec['types'][number] {
  const content = /^export type UploadedFile = .*$/m.exec(contents.get(FILES) ?? '')?.[0]
  if (content === undefined) throw new Error(`${FILES} does not declare what a file is`)
  return { path: FILES, content }
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

const configOf = ({ variables }: ProjectModel): HandlerSpec['config'] =>
  variables.map((one) => ({
    variable: one.name,
    property: one.property,
    type: typeOf(one),
    what: one.description,
  }))

/** Related entities: its group, its response, its examples, and their neighbours. */
function resourcesOf(
  { operation, resource, guard, resourceOf }: NamedOperation,
  model: ProjectModel,
): Resource[] {
  return withNeighbours(
    new Set<Resource>([
      ...(resource ? [resource] : []),
      ...successesOf(operation).flatMap((success) =>
        success.kind === 'json' ? entitiesIn(success.shape).map(resourceOf) : [],
      ),
      ...operation.examples.flatMap((example) => entitiesOf(example).map(resourceOf)),
      ...(guard.scheme === 'bearer' && model.account ? [model.account] : []),
      ...resourcesNamedIn([operation.summary, ...operation.rules], model),
    ]),
    model,
  )
}

/** The entities of its rows, before and after. */
const entitiesOf = ({ rows, rowsAfter = [] }: HandlerSpec['examples'][number]): string[] => [
  ...rows.map(({ entity }) => entity),
  ...rowsAfter.flatMap((one) => (one.change === 'created' ? [one.entity] : [])),
]

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

/** Every entity if none is related. */
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
