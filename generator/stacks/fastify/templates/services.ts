import type { Shape } from '#contract'
import { commentText, stringLiteral } from '../../../codegen/encode/typescript.ts'
import { makeImports, type Imports } from '../../../codegen/imports.ts'
import type { Client } from '../services.ts'
import { shapeSchema } from './operation-shapes.ts'
import { takes, inputType } from './service-input.ts'

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
