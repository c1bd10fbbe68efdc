import { access, propertyKey } from '../../../codegen/encode/property.ts'
import { stringLiteral } from '../../../codegen/encode/typescript.ts'
import { makeImports, type Imports } from '../../../codegen/imports.ts'
import type { ProjectModel } from '../model.ts'
import { schemeNames } from '../credentials.ts'
import { credentialText, takesBasic, usualCredential } from './credential.ts'
import { referencesOf, type Resource } from '../resource.ts'
import { fieldRolesOf, registrationHook } from './routes/route.ts'
import { idType, isGiven } from './routes/reference-check.ts'

/** `src/auth/authentication.ts`: identifies the sender. */
export function authenticationFile(account: Resource, model: ProjectModel): string {
  const type = account.typeName
  const isStated = model.credentials.length > 0
  const isOptional = model.customs.some(({ guard }) => guard.isOptional)
  const isBasic = takesBasic(model)
  const reads = isStated
    ? `'account' | 'headers'${isBasic ? " | 'ip'" : ''}${model.credentials.some((one) => one.in === 'query') ? " | 'url'" : ''}`
    : "'account' | 'jwtVerify'"
  return `${isBasic ? "import type { DatabaseSync } from 'node:sqlite';\n" : ''}import jwt from '@fastify/jwt';
import type { FastifyRequest } from 'fastify';
import type { Config } from '../config.ts';
import type { Repositories } from '../database/repositories.ts';
import { unauthorized${limitsByRole(model) ? ', wrongRole' : ''} } from '../errors.ts';
import type { App } from '../http/app-type.ts';
import type { ${type} } from '../schemas/${account.fileName}.ts';
${isBasic ? "import { isBasic, makeBasic } from './basic.ts';\n" : ''}${isStated ? "import { credentialOf } from './credential.ts';\n" : ''}${isBasic ? "import type { Passwords } from './passwords.ts';\n" : ''}${limitsByRole(model) ? "import type { Role } from './roles.ts';\n" : ''}
declare module '@fastify/jwt' {
  interface FastifyJWT {
    payload: { sub: string };
    user: { sub: string };
  }
}

declare module 'fastify' {
  interface FastifyRequest {
    account: ${type} | null;
  }
}

export type Authentication = Awaited<ReturnType<typeof makeAuthentication>>;

type Dependencies = { config: Config; repositories: Repositories${isBasic ? '; database: DatabaseSync; passwords: Passwords' : ''} };

/** Signs and verifies tokens. A token contains only the account id. */
export async function makeAuthentication(app: App, { config, repositories${isBasic ? ', database, passwords' : ''} }: Dependencies) {
  await app.register(jwt, {
    secret: config.jwtSecret,
    sign: { algorithm: 'HS256', expiresIn: config.jwtExpiresIn },
    verify: { algorithms: ['HS256'] },
  });
  app.decorateRequest('account', null);
${isBasic ? basicCode(account, model) : ''}${
    isOptional
      ? `
  async function identify(request: Pick<FastifyRequest, ${reads}>): Promise<void> {
${identify(account, model)}
  }
`
      : ''
  }
  /** The account of a request that passed \`required\`. */
  function accountOf({ account }: Pick<FastifyRequest, 'account'>): ${type} {
    if (!account) throw unauthorized('The account of this token no longer exists.');
    return account;
  }

  return {
    ${model.customs.some(({ takesPassword }) => takesPassword) ? rateLimit : ''}tokenFor: (account: Pick<${type}, 'id'>): string => app.jwt.sign({ sub: ${isNumber(account) ? 'String(account.id)' : 'account.id'} }),

    ${
      isOptional
        ? `/** A hook that lets requests without a token through; one that is sent has to be valid. */
    async optional(request: Pick<FastifyRequest, ${isStated ? reads : "'account' | 'jwtVerify' | 'headers'"}>): Promise<void> {
      if (${isBasic ? "isBasic(request) || credentialOf(request) !== ''" : isStated ? "credentialOf(request) !== ''" : 'request.headers.authorization !== undefined'}) await identify(request);
    },

    `
        : ''
    }/** A hook that requires a token of an existing account. */
    ${
      isOptional
        ? 'required: identify,'
        : `async required(request: Pick<FastifyRequest, ${reads}>): Promise<void> {
${identify(account, model)}
    },`
    }

    ${limitsByRole(model) ? onlyHook : ''}
    accountOf,
  };
}
`
}

function identify(account: Resource, model: ProjectModel): string {
  const verified =
    model.credentials.length > 0
      ? `const { sub } = await Promise.resolve()
        .then(() => app.jwt.verify<{ sub?: unknown }>(credentialOf(request)))
        .catch(() => {
          throw invalid();
        });`
      : `const { sub } = await request.jwtVerify<{ sub?: unknown }>().catch(() => {
        throw invalid();
      });`
  const basic = takesBasic(model)
    ? `if (isBasic(request)) {
        const known = await basic.accountOf(request);
        if (!known) throw unauthorized('The name or the password is wrong.');
        request.account = known;
        return;
      }
      `
    : ''
  return `${basic}const invalid = () => unauthorized('Send a valid token: ${credentialText(model, '<token>')}.');
      ${verified}
      // A signature says who made the token, not that it names an account.
      if (typeof sub !== 'string'${isNumber(account) ? ' || !/^\\d{1,15}$/.test(sub)' : ''}) throw invalid();
      request.account = repositories.${account.key}.find(${isNumber(account) ? 'Number(sub)' : 'sub'}) ?? null;
      accountOf(request);`
}

const basicCode = (account: Resource, model: ProjectModel): string => `  const basic = makeBasic({
    config,
    database,
    passwords,
    find: (name) => repositories.${account.key}.findBy({ ${propertyKey(model.identity)}: ${isEmail(account, model) ? 'name.toLowerCase()' : 'name'} }),
  });
`

const isNumber = ({ id }: Resource): boolean => id.kind === 'integer'

/** Emails are stored in lower case. */
const isEmail = ({ entity }: Resource, { identity }: ProjectModel): boolean =>
  entity.fields.some(({ name, type }) => name === identity && type.kind === 'email')

/** Whether some operation is restricted to roles. */
export const limitsByRole = ({ resources, customs }: ProjectModel): boolean =>
  resources.some(({ policies }) => Object.values(policies).some(({ roles }) => roles.length > 0)) ||
  customs.some(({ guard }) => guard.roles.length > 0)

const rateLimit = `/** For operations that are given a password, which are expensive by design. */
    rateLimit: { max: config.authRateLimitPerMinute, timeWindow: '1 minute' },

    `

const onlyHook = `/** A hook after \`required\` that lets accounts of these roles through. */
    only(...roles: Role[]) {
      return async (request: Pick<FastifyRequest, 'account'>): Promise<void> => {
        if (!roles.includes(accountOf(request).role)) throw wrongRole(roles);
      };
    },
`

/** `src/auth/routes.ts`: registration, login and the current account. */
export function authRoutesFile(account: Resource, model: ProjectModel): string {
  const imports = makeImports()
  const schemas = `../schemas/${account.fileName}.ts`
  const references = referencesOf(account)
  const type = imports.value(schemas, account.typeName)
  const hasRole = account.properties.some(({ isRole }) => isRole)
  const z = imports.value('zod', 'z')
  const errors = imports.value('../http/error-handling.ts', 'errorResponses')
  const fields = fieldRolesOf(account, imports, './roles.ts')
  const body = `${fields}const Session = ${z}
  .object({ account: ${type}, token: ${z}.string().describe(${stringLiteral(sentIn(model))}) })
  .meta({ id: 'Session' });

type Dependencies = ${imports.type('../context.ts', 'Context')} & {
  config: ${imports.type('../config.ts', 'Config')};
  database: ${imports.type('node:sqlite', 'DatabaseSync')};
  passwords: ${imports.type('./passwords.ts', 'Passwords')};
};

/** Registration, login and the current account. */
export function registerAuthentication(
  app: ${imports.type('../http/app-type.ts', 'App')},
  { config, database, repositories, authentication, passwords }: Dependencies,
): void {
  const credentials = ${imports.value('./credentials.ts', 'makeCredentials')}(database);
  const rateLimit = { max: config.authRateLimitPerMinute, timeWindow: '1 minute' };

  app.post(
    '/auth/register',
    {
      config: { rateLimit },
${fields && registrationHook(imports)}      schema: {
        operationId: 'register',
        tags: ['Auth'],
        summary: 'Register an account',
        body: ${imports.value(schemas, 'RegisterBody')},
        response: { 201: Session, ...${errors}(400${fields && ', 403'}, 409${references.length > 0 ? ', 422' : ''}) },
      },
    },
    async (request, reply) => {
      const { password, ...${hasRole ? 'given' : 'values'} } = request.body;${hasRole ? `\nconst values = { ...given, role: ${imports.value('./roles.ts', 'initialRole')} };` : ''}
      const hash = await passwords.hash(password);${references.length > 0 ? '\ncheckReferences(repositories, values);' : ''}
      const account = ${imports.value('../database/transaction.ts', 'inTransaction')}(database, () => {
        const created = repositories.${account.key}.insert(values);
        credentials.add(created.id, hash);
        return created;
      });
      return reply.code(201).send({ account, token: authentication.tokenFor(account) });
    },
  );

  app.post(
    '/auth/login',
    {
      config: { rateLimit },
      schema: {
        operationId: 'login',
        tags: ['Auth'],
        summary: 'Sign in',
        body: ${imports.value(schemas, 'LoginBody')},
        response: { 200: Session, ...${errors}(400, 401) },
      },
    },
    async (request) => {
      const { email, password } = request.body;
      const known = repositories.${account.key}.findBy({ email });
      // An unknown email takes as long as a wrong password and gets the same response.
      const matches = await passwords.verify(password, known && credentials.hashOf(known.id));
      const account = matches ? known : undefined;
      if (!account) throw ${imports.value('../errors.ts', 'unauthorized')}('The email or the password is wrong.');
      return { account, token: authentication.tokenFor(account) };
    },
  );

  app.get(
    '/auth/me',
    {
      onRequest: authentication.required,
      schema: {
        operationId: 'me',
        tags: ['Auth'],
        summary: 'Read the account that is signed in',
        security: [${schemeNames(model)
          .map((name) => `{ ${stringLiteral(name)}: [] }`)
          .join(', ')}],
        response: { 200: ${type}, ...${errors}(401) },
      },
    },
    async (request) => authentication.accountOf(request),
  );
}
${references.length > 0 ? `\n${registrationCheck(account, imports)}\n` : ''}`
  return `${imports.render()}\n\n${body}`
}

const sentIn = (model: ProjectModel): string => {
  const text = credentialText(model, '<token>')
  return usualCredential(model).in === 'authorization' ? `For the header: ${text}` : `To be sent as ${text}`
}

/** Registration is unauthenticated, so it can only refer to public rows. */
function registrationCheck(account: Resource, imports: Imports): string {
  const references = referencesOf(account)
  const types = references.map(
    ({ name, required, relation: { target } }) =>
      `${propertyKey(name)}?: ${idType(target)} ${required ? '' : '| null'} | undefined;`,
  )
  const guards = references.map((property) => {
    const { name, relation } = property
    const { target } = relation
    const isUnknown = target.policies.read.scope
      ? isGiven(property)
      : `${isGiven(property)} && !repositories.${target.key}.find(body${access(name)})`
    return `if (${isUnknown}) throw ${imports.value('../errors.ts', 'unknownReference')}('${name}', ${stringLiteral(target.label)});`
  })
  const used = references.some(({ relation }) => relation.target.policies.read.scope === undefined)
  return `/** Refuses ids of rows that do not exist or that not everybody may see. */
function checkReferences(${used ? 'repositories' : '_repositories'}: ${imports.type('../database/repositories.ts', 'Repositories')}, body: { ${types.join(' ')} }): void {
  ${guards.join('\n')}
}`
}
