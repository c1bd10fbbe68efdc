import type {
  Blueprint,
  ConfigValue,
  CustomOperation,
  OperationExample,
  Service,
  ServiceCall,
  Shape,
  TaskExample,
} from '#contract'
import { dropExample, dropWhere, type Report } from './diagnostic.ts'
import { depthOf, entitiesIn, isPlain, MAX_DEPTH, mismatchPath } from './shapes.ts'

/** External services: names, paths, requests, and the configuration values that they need. */
export function lintServices(blueprint: Blueprint, report: Report): void {
  distinct(blueprint.services, 'services', ({ name }) => name, report)
  for (const service of blueprint.services) {
    const at = `services.${service.name}`
    needConfig(
      blueprint,
      { name: service.baseUrl, type: 'url', description: `Base URL of the service ${service.name}.` },
      at,
      report,
    )
    if (service.auth.kind !== 'none')
      needConfig(
        blueprint,
        {
          name: service.auth.secret,
          type: 'secret',
          description: `Credential for the service ${service.name}.`,
        },
        at,
        report,
      )
    if (service.auth.kind === 'header' && RESERVED_HEADERS.test(service.auth.name))
      report.error({
        code: 'service.header',
        path: `${at}.auth`,
        what: `The header ${service.auth.name} cannot carry a secret.`,
        why: 'The header has another meaning in every request.',
        fix: 'Use bearer authentication, or a header such as x-api-key.',
      })
    distinct(service.calls, `${at}.calls`, ({ id }) => id, report)
    for (const call of service.calls) lintCall(call, `${at}.calls.${call.id}`, report)
  }
  lintUses(blueprint, report)
}

const RESERVED_HEADERS =
  /^(accept|connection|content-.*|cookie|expect|host|keep-alive|te|trailer|transfer-encoding|upgrade)$/

function distinct<T>(list: readonly T[], path: string, nameOf: (one: T) => string, report: Report): void {
  const seen = new Set<string>()
  for (const name of list.map(nameOf)) {
    if (seen.has(name.toLowerCase()))
      report.error({
        code: 'service.name-taken',
        path: `${path}.${name}`,
        what: `Two of ${path} are named ${name}.`,
        why: 'Files and functions are named after them, and file systems may ignore case.',
        fix: 'Give one of them another name.',
      })
    seen.add(name.toLowerCase())
  }
}

/** Adds a missing configuration value; one of another type is an error. */
function needConfig(blueprint: Blueprint, wanted: ConfigValue, at: string, report: Report): void {
  const { name, type } = wanted
  const known = blueprint.config.find((one) => one.name === name)
  if (known?.type === type) return
  const finding = {
    code: 'service.config',
    path: at,
    why: 'Base URLs and secrets are read from the environment.',
  }
  if (known === undefined) {
    blueprint.config.push(wanted)
    report.fixed({
      ...finding,
      what: `The configuration value ${name} does not exist.`,
      fix: `Added it with the type ${type}.`,
    })
  } else
    report.error({
      ...finding,
      what: `The configuration value ${name} is a ${known.type}, not a ${type}.`,
      fix: `Change its type to ${type}, or use another value.`,
    })
}

function lintCall(call: ServiceCall, at: string, report: Report): void {
  const inPath = [...call.path.matchAll(/:([a-zA-Z_][a-zA-Z0-9_]*)/g)].map(([, name]) => name!)
  const given = call.params.map(({ name }) => name)
  const fault = (code: string, what: string, why: string, fix: string) =>
    report.error({ code, path: at, what, why, fix })
  if (inPath.toSorted().join() !== given.toSorted().join())
    fault(
      'service.params',
      `The path ${call.path} of ${call.id} has the parameters ${inPath.join(', ') || 'none'}, but params has ${given.join(', ') || 'none'}.`,
      'The caller gives a value for every path parameter.',
      'List the same parameters in both, each once.',
    )
  if (new Set(call.query.map(({ name }) => name)).size < call.query.length)
    fault(
      'service.query',
      `The query of ${call.id} repeats a name.`,
      'One of them would be lost.',
      'Drop one.',
    )
  if (call.body !== null && (call.method === 'GET' || call.method === 'DELETE'))
    fault(
      'service.body',
      `${call.id} sends a body with ${call.method}.`,
      'Such a body may be dropped or rejected in transit.',
      'Move it to the query, or use another method.',
    )
  if (![...call.params, ...call.query].every(({ shape }) => isPlain(shape)))
    fault(
      'service.text',
      `${call.id} has a list or object in its path or query.`,
      'Paths and queries contain single values.',
      'Move it to the body.',
    )
  const shapes = [call.body, call.answer].filter((shape) => shape !== null)
  const rows = shapes.flatMap(entitiesIn)
  if (rows.length > 0)
    fault(
      'service.entity',
      `${call.id} uses rows of ${rows[0]}.`,
      'An external service does not know the rows of this one.',
      'List the properties of the request or response.',
    )
  if (shapes.some((shape) => depthOf(shape) > MAX_DEPTH))
    fault(
      'service.depth',
      `${call.id} is nested deeper than ${MAX_DEPTH}.`,
      'Such a value is impractical.',
      'Flatten it.',
    )
}

/** Declared uses of services, and the service responses in examples. */
function lintUses({ services, operations, schedules, ...rest }: Blueprint, report: Report): void {
  const known = new Map(services.map((service) => [service.name, service]))
  for (const [kind, list] of Object.entries({ operations, schedules }))
    for (const one of list) {
      if (one.uses === undefined) continue
      dropWhere(one.uses, (name, before) => before.includes(name))
      for (const name of one.uses)
        if (!known.has(name))
          report.error({
            code: 'service.unknown',
            path: `${kind}.${one.id}.uses`,
            what: `${one.id} uses ${name}, which is not a service.`,
            why: 'Code receives only the services that it declares.',
            fix:
              known.size > 0
                ? `Use one of ${[...known.keys()].join(', ')}, or describe ${name}.`
                : `Describe ${name} in services.`,
          })
    }
  const blueprint = { services, operations, schedules, ...rest }
  for (const operation of operations) {
    if (operation.implementation && operation.uses) delete operation.uses
    const fault = (example: OperationExample) => callsFault(example, operation, known, blueprint)
    dropExample(operation, `operations.${operation.id}`, fault, report)
  }
  for (const schedule of schedules) {
    const fault = (example: TaskExample) => callsFault(example, schedule, known, blueprint)
    const { id, examples = [] } = schedule
    dropExample({ id, examples }, `schedules.${id}`, fault, report)
  }
}

/** Stubbed responses and expected calls of services. */
function callsFault(
  { answers = [], calls = [] }: Pick<TaskExample, 'answers' | 'calls'>,
  { uses = [] }: Pick<CustomOperation, 'uses'>,
  known: ReadonlyMap<string, Service>,
  blueprint: Blueprint,
): string | null {
  const find = ({ service, call }: { service: string; call: string }) =>
    uses.includes(service) ? known.get(service)?.calls.find(({ id }) => id === call) : undefined
  for (const { service, call, answer } of answers) {
    const found = find({ service, call })
    if (!found) return `${service}.${call} is not a call of a service that it uses`
    const misfit =
      found.answer === null ? null : mismatchPath(answer, found.answer, { partial: false, blueprint })
    if (misfit !== null)
      return `the response of ${service}.${call} is not valid${misfit === '' ? '' : ` at ${misfit}`}`
  }
  for (const { service, call, input } of calls) {
    const found = find({ service, call })
    if (!found) return `${service}.${call} is not a call of a service that it uses`
    const misfit =
      input === undefined ? null : mismatchPath(input, inputShape(found), { partial: true, blueprint })
    if (misfit !== null) return `${misfit || 'the input'} of ${service}.${call} is not valid`
  }
  return null
}

/** What a call is given: `params`, `query` and `body`, as far as it has them. */
function inputShape({ params, query, body }: ServiceCall): Shape {
  const part = (name: string, shape: Shape) => ({ name, shape, required: false })
  return {
    kind: 'object',
    nullable: false,
    properties: [
      ...(params.length > 0 ? [part('params', { kind: 'object', properties: params, nullable: false })] : []),
      ...(query.length > 0 ? [part('query', { kind: 'object', properties: query, nullable: false })] : []),
      ...(body === null ? [] : [part('body', body)]),
    ],
  }
}
