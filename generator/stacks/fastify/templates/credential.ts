import type { Credential } from '#contract'
import { stringLiteral } from '../../../codegen/encode/typescript.ts'
import { credentialsOf, schemeNames } from '../credentials.ts'
import type { ProjectModel } from '../model.ts'

// Where requests carry the token or key: in the code that reads it, in tests, in documents.

/** `src/auth/credential.ts`: finds the token or key of a request, where a document says where it is. */
export function credentialFile(credentials: readonly Credential[], what: 'token' | 'key'): string {
  const has = (place: Credential['in']) => credentials.some((one) => one.in === place)
  const values = credentials.flatMap((credential) => {
    switch (credential.in) {
      case 'authorization':
        return "/^(?:[\\w-]+\\s+)?(\\S+)$/.exec(headers.authorization ?? '')?.[1]"
      // Passwords are checked before, in a module of their own.
      case 'basic':
        return []
      case 'header':
        return `single(headers[${stringLiteral(credential.name.toLowerCase())}])`
      case 'query':
        return `new URL(url, 'http://localhost').searchParams.get(${stringLiteral(credential.name)})`
      case 'cookie':
        return `cookieOf(headers.cookie, ${stringLiteral(credential.name)})`
    }
  })
  const request = has('query') ? "'headers' | 'url'" : "'headers'"
  return `import type { FastifyRequest } from 'fastify';

/** The ${what} of a request, from any of the places where it may be; empty if there is none. */
export function credentialOf({ headers${has('query') ? ', url' : ''} }: Pick<FastifyRequest, ${request}>): string {
  const given = [${values.join(', ')}];
  return given.find(Boolean) ?? '';
}
${has('header') ? "\nconst single = (value: string | string[] | undefined) => (typeof value === 'string' ? value : undefined);\n" : ''}${
    has('cookie')
      ? `
function cookieOf(cookies: string | undefined, name: string): string | undefined {
  const pair = cookies?.split(/;\\s*/).find((one) => one.startsWith(\`\${name}=\`));
  return pair?.slice(name.length + 1).replace(/^"(.*)"$/, '$1');
}
`
      : ''
  }`
}

/** The one in tests and examples: a header rather than a query or a cookie. */
export function usualCredential(model: ProjectModel): Credential {
  const all = credentialsOf(model)
  return all.find((one) => one.in === 'authorization') ?? all.find((one) => one.in === 'header') ?? all[0]
}

/** `Authorization: Token <token>`, for people. */
export function credentialText(model: ProjectModel, value: string): string {
  const credential = usualCredential(model)
  switch (credential.in) {
    case 'authorization':
      return `Authorization: ${credential.word} ${value}`
    case 'basic':
      return 'Authorization: Basic <name and password>'
    case 'header':
      return `${credential.name}: ${value}`
    case 'cookie':
      return `Cookie: ${credential.name}=${value}`
    case 'query':
      return `?${credential.name}=${value}`
  }
}

/** `tests/support/sent-as.ts`: what a request of a test is sent with. */
export function sentAsCode(model: ProjectModel): string {
  const credential = usualCredential(model)
  const name = model.auth === 'apiKey' ? 'key' : 'token'
  const value = {
    authorization: () => `{ authorization: \`${'word' in credential ? credential.word : ''} \${${name}}\` }`,
    basic: () => '{}',
    header: () => `{ ${stringLiteral('name' in credential ? credential.name.toLowerCase() : '')}: ${name} }`,
    cookie: () => `{ cookie: \`${'name' in credential ? credential.name : ''}=\${${name}}\` }`,
    query: () => '{}',
  }[credential.in]()
  const query = credential.in === 'query' ? `, query: { ${stringLiteral(credential.name)}: ${name} }` : ''
  return `/** What a request with this ${name} is sent with. */
export const sentAs = (${name}: string) => ({ headers: ${value}${query} });`
}

/** Whether requests may carry the password of an account. */
export const takesBasic = ({ auth, credentials }: ProjectModel): boolean =>
  auth === 'jwt' && credentials.some((one) => one.in === 'basic')

/** The value of the header \`WWW-Authenticate\`. */
export function challenge(model: ProjectModel): string {
  if (takesBasic(model)) return 'Basic realm="API", charset="UTF-8"'
  const credential = credentialsOf(model).find((one) => one.in === 'authorization')
  return credential?.word ?? 'ApiKey'
}

/** `components.securitySchemes` of the OpenAPI document. */
export function securitySchemesCode(model: ProjectModel): string {
  const names = schemeNames(model)
  const lines = credentialsOf(model).map((credential, at) => {
    const name = stringLiteral(credential.scheme ?? names[at] ?? 'credential')
    if (credential.in === 'basic') return `${name}: { type: 'http', scheme: 'basic' },`
    if (credential.in !== 'authorization')
      return `${name}: { type: 'apiKey', in: '${credential.in}', name: ${stringLiteral(credential.name)} },`
    return credential.word === 'Bearer'
      ? `${name}: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },`
      : `${name}: { type: 'apiKey', in: 'header', name: 'Authorization', description: '${credential.word}, a space and the token' },`
  })
  return `securitySchemes: { ${lines.join('\n')} },`
}
