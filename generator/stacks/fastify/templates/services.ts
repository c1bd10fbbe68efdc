import type { Json, ServiceCall, Shape } from '#contract'
import { commentText, stringLiteral } from '../../../codegen/encode/typescript.ts'
import { makeImports, type Imports } from '../../../codegen/imports.ts'
import { isPlain } from '../../../blueprint/lint/shapes.ts'
import { sampleOf } from '../../../codegen/sample-of.ts'
import { projectKind } from '../field-kinds.ts'
import type { Client, ClientCall } from '../services.ts'
import { jsonCode } from './operation-call.ts'
import { shapeSchema } from './operation-shapes.ts'
import { test } from './operation-tests.ts'

/** External services have no entities. */
const noRows = {
  resourceOf(entity: string): never {
    throw new Error(`a service speaks of ${entity}, which is ours alone`)
  },
}
const schemaOf = (shape: Shape, imports: Imports): string => shapeSchema(shape, noRows, imports, 'object')

/** `src/services/<name>.ts`: the client of one external service. */
export function clientFile(client: Client): string {
  const { service, description, typeName, makeFunction, urlProperty, calls } = client
  const imports = makeImports()
  const z = () => imports.value('zod', 'z')
  const caller = imports.value('./caller.ts', 'makeCaller')
  const config = imports.type('../config-values.ts', 'ConfigValues')
  const schemas = calls.flatMap(({ call, answerName, bodyName }) => [
    ...(call.body === null
      ? []
      : [
          `const ${bodyName} = ${schemaOf(call.body, imports)};\nexport type ${bodyName} = ${z()}.input<typeof ${bodyName}>;`,
        ]),
    ...(call.answer === null
      ? []
      : [
          `export const ${answerName} = ${schemaOf(call.answer, imports)};\nexport type ${answerName} = ${z()}.infer<typeof ${answerName}>;`,
        ]),
  ])
  const members = calls.map(
    ({ call, answerName, bodyName }) =>
      `/** ${commentText(`${call.summary} (${call.method} ${call.path})`)} */\n${call.id}(${takes(call) ? `input: { ${inputType(call, bodyName)} }` : ''}): Promise<${call.answer === null ? 'void' : answerName}>;`,
  )
  const functions = calls.map(({ call, answerName, bodyName }) => {
    const given = [
      ...(call.params.length > 0 ? ['params'] : []),
      ...(call.query.length > 0 ? ['query'] : []),
      ...(call.body === null ? [] : ['body']),
    ]
    const sent = given.map((part) => (part === 'body' ? `body: ${bodyName}.parse(body)` : part))
    return `${call.id}: (${given.length > 0 ? `{ ${given.join(', ')} }` : ''}) => call({ ${[`method: '${call.method}'`, `path: '${call.path}'`, ...sent, ...(call.answer === null ? [] : [`answer: ${answerName}`])].join(', ')} }),`
  })
  const body = `${schemas.join('\n\n')}

/** ${commentText(description)} */
export type ${typeName} = {
${members.join('\n')}
};

/** \`timeoutMs\` is per attempt. */
export function ${makeFunction}(config: ${config}, { timeoutMs = ${client.timeoutMs.toLocaleString('en').replaceAll(',', '_')} } = {}): ${typeName} {
  const call = ${caller}({
    name: ${stringLiteral(service.name)},
    baseUrl: config.${urlProperty},
${headers(client)}    timeoutMs,
    retries: ${client.retries},
  });
  return {
${functions.join('\n')}
  };
}
`
  return `${imports.render()}\n\n${body}`
}

const takes = (call: ServiceCall): boolean =>
  call.params.length > 0 || call.query.length > 0 || call.body !== null

function inputType(call: ServiceCall, bodyName: string): string {
  const part = (name: string, list: ServiceCall['query']) => {
    if (list.length === 0) return []
    const members = list.map(
      ({ name, shape, required }) =>
        `${stringLiteral(name)}${required ? '' : '?'}: ${plainType(shape)}${required ? '' : ' | undefined'};`,
    )
    return [`${name}: { ${members.join(' ')} };`]
  }
  return [
    ...part('params', call.params),
    ...part('query', call.query),
    ...(call.body === null ? [] : [`body: ${bodyName};`]),
  ].join(' ')
}

const plainType = (shape: Shape): string => (isPlain(shape) ? projectKind(shape).typescript : 'string')

function headers({ service, secretProperty }: Client): string {
  switch (service.auth.kind) {
    case 'none':
      return ''
    case 'bearer':
      return `    headers: () => ({ authorization: \`Bearer \${config.${secretProperty}.reveal()}\` }),\n`
    case 'header':
      return `    headers: () => ({ ${stringLiteral(service.auth.name)}: config.${secretProperty}.reveal() }),\n`
  }
}

/** `src/services/index.ts`: all clients. */
export function servicesFile(clients: readonly Client[]): string {
  const imports = makeImports()
  const config = imports.type('../config-values.ts', 'ConfigValues')
  const types = clients.map(
    ({ service, typeName, fileName, description }) =>
      `/** ${commentText(description)} */\n${service.name}: ${imports.type(`./${fileName}.ts`, typeName)};`,
  )
  const made = clients.map(
    ({ service, makeFunction, fileName }) =>
      `${service.name}: ${imports.value(`./${fileName}.ts`, makeFunction)}(config),`,
  )
  return `${imports.render()}

/** The external services. Operations and tasks receive those that they declare. */
export type Services = {
${types.join('\n')}
};

export function makeServices(config: ${config}): Services {
  return {
${made.join('\n')}
  };
}
`
}

/** `tests/support/services.ts`: test doubles of the external services. */
export function doublesFile(clients: readonly Client[]): string {
  const members = clients.map(({ service, calls }) => {
    const functions = calls.map(
      ({ call }) =>
        `${call.id}: () => answer('${service.name}.${call.id}', ${call.answer === null ? 'undefined' : jsonCode(sampleOf(call.answer))}),`,
    )
    return `${service.name}: {\n${functions.join('\n')}\n},`
  })
  return `import type { Services } from '../../src/services/index.ts';

/** Test doubles: a call returns what the test set, or a sample. No network is used. */
export function makeServiceDoubles() {
  const said = new Map<string, unknown>();
  const answer = <Answer>(call: string, sample: Answer): Promise<Answer> =>
    Promise.resolve(said.has(call) ? (said.get(call) as Answer) : sample);
  const services: Services = {
${members.join('\n')}
  };
  return {
    services,
    /** Sets the response of a call, such as \`mail.send\`. */
    say: (call: string, answer: unknown): void => void said.set(call, answer),
    forget: (): void => said.clear(),
  };
}
`
}

/** `tests/services/<name>.test.ts`: each call against a local server. */
export function clientTestsFile(client: Client): string {
  const { service, makeFunction, fileName, urlProperty, secretProperty, calls } = client
  const imports = makeImports()
  for (const name of ['describe', 'it']) imports.value('node:test', name)
  const assert = imports.default('node:assert/strict', 'assert')
  const readConfig = imports.value('../../src/config.ts', 'readConfig')
  const make = imports.value(`../../src/services/${fileName}.ts`, makeFunction)
  const start = imports.value('../support/stub-service.ts', 'startStubService')
  imports.value('../../src/services/service-error.ts', 'ServiceError')
  const stub = (reply: string) => `await using stub = await ${start}(${reply});`
  const [first] = calls as [ClientCall, ...ClientCall[]]
  const secret = secretProperty === undefined ? '' : `, ${secretProperty}: makeSecret('hush-hush')`
  if (secretProperty !== undefined) imports.value('../../src/secret.ts', 'makeSecret')
  const tests = [
    ...calls.map(({ call }) => {
      const body =
        call.body === null ? [] : [`assert.deepEqual(sent?.body, ${jsonCode(sampleOf(call.body))});`]
      const ask = `await connect(stub.url).${call.id}(${inputCode(call)});`
      const sample = call.answer === null ? undefined : jsonCode(sampleOf(call.answer))
      return test(
        `${call.id}: ${call.method} ${call.path}`,
        stub(sample === undefined ? '{ status: 202 }' : `{ body: ${sample} }`),
        ...(sample === undefined
          ? [ask]
          : [`const answer = ${ask}`, `${assert}.deepEqual(answer, ${sample});`]),
        'const [sent] = stub.received;',
        `${assert}.equal(\`\${sent?.method} \${sent?.url}\`, ${stringLiteral(`${call.method} ${urlOf(call)}`)});`,
        ...authCheck(client),
        ...body,
      )
    }),
    test(
      'gives up after its time, and says so',
      stub("'never'"),
      `await ${assert}.rejects(connect(stub.url, 50).${first.call.id}(${inputCode(first.call)}), isError(504));`,
    ),
    test(
      'fails where the service fails',
      stub('{ status: 500 }'),
      `await ${assert}.rejects(connect(stub.url).${first.call.id}(${inputCode(first.call)}), isError(502));`,
    ),
    ...calls
      .filter(({ call }) => call.answer !== null && ['object', 'array', 'record'].includes(call.answer.kind))
      .slice(0, 1)
      .map(({ call }) =>
        test(
          'rejects an invalid response',
          stub(`{ body: 'something else entirely' }`),
          `await ${assert}.rejects(connect(stub.url).${call.id}(${inputCode(call)}), isError(502));`,
        ),
      ),
  ]
  return `${imports.render()}

const connect = (url: string, timeoutMs = 2_000) =>
  ${make}({ ...${readConfig}({}).values, ${urlProperty}: url${secret} }, { timeoutMs });
const isError = (statusCode: number) => (error: unknown) =>
  error instanceof ServiceError && error.statusCode === statusCode;

describe('the service ${service.name}', () => {
${tests.join('\n\n')}
});
`
}

function authCheck({ service }: Client): string[] {
  switch (service.auth.kind) {
    case 'none':
      return ['assert.equal(sent?.headers.authorization, undefined);']
    case 'bearer':
      return ["assert.equal(sent?.headers.authorization, 'Bearer hush-hush');"]
    case 'header':
      return [`assert.equal(sent?.headers[${stringLiteral(service.auth.name)}], 'hush-hush');`]
  }
}

const sampleParts = (list: ServiceCall['query']) =>
  list.map(({ name, shape }): [string, Json] => [name, sampleOf({ ...shape, nullable: false })])

function inputCode(call: ServiceCall): string {
  if (!takes(call)) return ''
  const part = (name: string, list: ServiceCall['query']) =>
    list.length === 0 ? [] : [`${name}: ${jsonCode(Object.fromEntries(sampleParts(list)))}`]
  return `{ ${[
    ...part('params', call.params),
    ...part('query', call.query),
    ...(call.body === null ? [] : [`body: ${jsonCode(sampleOf(call.body))}`]),
  ].join(', ')} }`
}

function urlOf(call: ServiceCall): string {
  const params = new Map(sampleParts(call.params))
  const path = call.path.replace(/:([a-zA-Z_][a-zA-Z0-9_]*)/g, (_, name: string) =>
    encodeURIComponent(String(params.get(name))),
  )
  const query = new URLSearchParams(
    sampleParts(call.query).map(([name, value]): [string, string] => [name, String(value)]),
  )
  return query.size > 0 ? `${path}?${query.toString()}` : path
}
