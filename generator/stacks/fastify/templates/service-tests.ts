import type { Json, ServiceCall } from '#contract'
import { stringLiteral } from '../../../codegen/encode/typescript.ts'
import { makeImports } from '../../../codegen/imports.ts'
import { sampleOf } from '../../../codegen/sample-of.ts'
import type { Client, ClientCall } from '../services.ts'
import { jsonCode } from './operation-call.ts'
import { test } from './example-tests.ts'
import { takes } from './service-input.ts'

/** `tests/support/services.ts`: test doubles of the external services. */
export function doublesFile(clients: readonly Client[]): string {
  const members = clients.map(({ service, calls }) => {
    const functions = calls.map(
      ({ call }) =>
        `${call.id}: (${takes(call) ? 'input' : ''}) => answer('${service.name}.${call.id}', ${takes(call) ? 'input' : '{}'}, ${call.answer === null ? 'undefined' : jsonCode(sampleOf(call.answer))}),`,
    )
    return `${service.name}: {\n${functions.join('\n')}\n},`
  })
  return `import { setTimeout as delay } from 'node:timers/promises';
import type { Services } from '../../src/services/index.ts';

/** Long enough for a request that is sent at the same time to come in. */
const ANSWER_AFTER_MS = 25;

/** Test doubles: a call returns what the test set, or a sample. No network is used. */
export function makeServiceDoubles() {
  const said = new Map<string, unknown>();
  const calls: { call: string; input: unknown }[] = [];
  const answer = async <Answer>(call: string, input: unknown, sample: Answer): Promise<Answer> => {
    calls.push({ call, input });
    const value = said.has(call) ? (said.get(call) as Answer) : sample;
    await delay(ANSWER_AFTER_MS);
    return value;
  };
  const services: Services = {
${members.join('\n')}
  };
  return {
    services,
    /** Sets the response of a call, such as \`mail.send\`. */
    say: (call: string, answer: unknown): void => void said.set(call, answer),
    /** The calls so far, in order. */
    calls,
    forget(): void {
      said.clear();
      calls.length = 0;
    },
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
