import type { Blueprint, ConfigValue, CustomOperation, Service, ServiceCall } from '#contract'
import { dropWhere, type Report } from './diagnostic.ts'
import { depthOf, entitiesIn, isPlain, MAX_DEPTH, mismatchPath } from './shapes.ts'

/** Services that are called: names, paths, what is sent, and the configuration values that they need. */
export function lintServices(blueprint: Blueprint, report: Report): void {
  distinct(blueprint.services, 'services', ({ name }) => name, report)
  for (const service of blueprint.services) {
    const at = `services.${service.name}`
    needConfig(
      blueprint,
      { name: service.baseUrl, type: 'url', description: `Where the service ${service.name} is.` },
      at,
      report,
    )
    if (service.auth.kind !== 'none')
      needConfig(
        blueprint,
        {
          name: service.auth.secret,
          type: 'secret',
          description: `What the service ${service.name} knows us by.`,
        },
        at,
        report,
      )
    if (service.auth.kind === 'header' && RESERVED_HEADERS.test(service.auth.name))
      report.error({
        code: 'service.header',
        path: `${at}.auth`,
        what: `The header ${service.auth.name} cannot carry a secret.`,
        why: 'It says something else about every request.',
        fix: 'Use auth bearer, or a header such as x-api-key.',
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

/** A value that nobody described is described; one that is something else cannot be used. */
function needConfig(blueprint: Blueprint, wanted: ConfigValue, at: string, report: Report): void {
  const { name, type } = wanted
  const known = blueprint.config.find((one) => one.name === name)
  if (known?.type === type) return
  const finding = {
    code: 'service.config',
    path: at,
    why: 'Addresses and secrets are told to a service when it is started.',
  }
  if (known === undefined) {
    blueprint.config.push(wanted)
    report.fixed({
      ...finding,
      what: `There is no configuration value ${name}.`,
      fix: `It is one now, of type ${type}.`,
    })
  } else
    report.error({
      ...finding,
      what: `The configuration value ${name} is a ${known.type}, not a ${type}.`,
      fix: `Make it a ${type}, or name another value.`,
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
      'Every part of the path that varies is given by whoever calls.',
      'Name the same in both, each once.',
    )
  if (new Set(call.query.map(({ name }) => name)).size < call.query.length)
    fault(
      'service.query',
      `The query of ${call.id} has a name twice.`,
      'One of them would be lost.',
      'Drop one.',
    )
  if (call.body !== null && (call.method === 'GET' || call.method === 'DELETE'))
    fault(
      'service.body',
      `${call.id} sends a body with ${call.method}.`,
      'Such a body is dropped or refused on its way.',
      'Move it to the query, or use another method.',
    )
  if (![...call.params, ...call.query].every(({ shape }) => isPlain(shape)))
    fault(
      'service.text',
      `${call.id} has a list or an object in its path or query.`,
      'A path and a query hold single values.',
      'Move it to the body.',
    )
  const shapes = [call.body, call.answer].filter((shape) => shape !== null)
  const rows = shapes.flatMap(entitiesIn)
  if (rows.length > 0)
    fault(
      'service.entity',
      `${call.id} speaks of rows of ${rows[0]}.`,
      'Another program does not know our rows.',
      'List the properties that are sent or answered.',
    )
  if (shapes.some((shape) => depthOf(shape) > MAX_DEPTH))
    fault(
      'service.depth',
      `${call.id} is nested deeper than ${MAX_DEPTH}.`,
      'Nobody reads that.',
      'Flatten it.',
    )
}

/** Who uses which service, and what examples let a service answer. */
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
            what: `${one.id} uses ${name}, which is not among the services.`,
            why: 'Code is handed the services that it is declared to use, and reaches no others.',
            fix:
              known.size > 0
                ? `Use one of ${[...known.keys()].join(', ')}, or describe ${name}.`
                : `Describe ${name} in services.`,
          })
    }
  const blueprint = { services, operations, schedules, ...rest }
  for (const operation of operations) {
    if (operation.implementation && operation.uses) delete operation.uses
    dropWhere(operation.examples, (example) => {
      const fault = answerFault(example, operation, known, blueprint)
      if (fault === null) return false
      report.fixed({
        code: 'example.mismatch',
        path: `operations.${operation.id}.examples`,
        what: `The example "${example.title}" of ${operation.id} does not fit: ${fault}.`,
        why: 'Examples become tests.',
        fix: 'The example was left out.',
      })
      return true
    })
  }
}

function answerFault(
  { answers = [] }: CustomOperation['examples'][number],
  { uses = [] }: CustomOperation,
  known: ReadonlyMap<string, Service>,
  blueprint: Blueprint,
): string | null {
  for (const { service, call, answer } of answers) {
    const found = uses.includes(service) ? known.get(service)?.calls.find(({ id }) => id === call) : undefined
    if (!found) return `${service}.${call} is no call of a service that it uses`
    const misfit =
      found.answer === null ? null : mismatchPath(answer, found.answer, { partial: false, blueprint })
    if (misfit !== null)
      return `the answer of ${service}.${call} has another form${misfit === '' ? '' : ` at ${misfit}`}`
  }
  return null
}
