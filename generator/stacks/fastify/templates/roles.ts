import { stringLiteral } from '../../../codegen/encode/typescript.ts'
import type { ProjectModel } from '../model.ts'
import { lockedProperties, type Resource } from '../resource.ts'
import { requestFunction } from './fixtures.ts'

/** Whether a role exempts from ownership. */
const goesBeyond = ({ resources }: ProjectModel): boolean =>
  resources.some(({ policies }) => Object.values(policies).some(({ beyond }) => beyond.length > 0))

/** Whether some fields are set by some roles only. */
export const locksFields = ({ resources }: ProjectModel): boolean =>
  resources.some((resource) => lockedProperties(resource).length > 0)

const fieldRules = `
/** Fields of a body, with the roles that alone set them. */
export type FieldRoles = { readonly [field: string]: readonly Role[] };

type Sender = { readonly role: Role } | null;

function maySet(sender: Sender, field: string, fields: FieldRoles): boolean {
  const roles = Object.hasOwn(fields, field) ? fields[field] : undefined;
  return roles === undefined || (sender !== null && roles.includes(sender.role));
}

/** Refuses a body with a field that the sender does not set; a request without it is accepted. */
export function checkFields(sender: Sender, body: unknown, fields: FieldRoles): void {
  if (typeof body !== 'object' || body === null) return;
  const locked = Object.keys(body).find((field) => !maySet(sender, field, fields));
  if (locked === undefined) return;
  const message = \`Only for: \${fields[locked]?.join(', ')}.\`;
  throw new ApiError(403, 'forbidden', message, [{ in: 'body', path: locked, message }]);
}

/** What the sender sets: a row that is replaced keeps the rest. */
export function settable<Values extends object>(sender: Sender, values: Values, fields: FieldRoles): Partial<Values> {
  const own = Object.entries(values).filter(([field]) => maySet(sender, field, fields));
  return Object.fromEntries(own) as Partial<Values>;
}
`

/** `src/auth/roles.ts`: the roles and their access. */
export function rolesFile(model: ProjectModel): string {
  const idType = model.account?.id.kind === 'integer' ? 'number' : 'string'
  const own = goesBeyond(model)
    ? `
/** The condition of rows that an account may access: its own, or all for these roles. */
export function own<Property extends string>(
  account: { id: ${idType}; role: Role },
  property: Property,
  ...beyond: Role[]
): { [Name in Property]?: ${idType} } {
  if (beyond.includes(account.role)) return {};
  const scope: { [name: string]: ${idType} } = { [property]: account.id };
  return scope as { [Name in Property]?: ${idType} };
}
`
    : ''
  const fields = locksFields(model)
  return `import { z } from 'zod';
${fields ? "import { ApiError } from '../errors.ts';\n" : ''}
/** The roles of accounts. */
export const Role = z.enum([${model.roles.map(stringLiteral).join(', ')}]);
export type Role = z.infer<typeof Role>;

/** The role of new accounts. Only \`npm run grant\` changes it, never a request. */
export const initialRole: Role = ${stringLiteral(model.roles[0] ?? '')};
${own}${fields ? fieldRules : ''}`
}

/** `src/auth/grant.ts`: grants a role to an account. */
export const grantFile = (account: Resource): string => `import type { DatabaseSync } from 'node:sqlite';
import { ConfigError, readConfig } from '../config.ts';
import { migrate } from '../database/migrate.ts';
import { openDatabase } from '../database/open.ts';
import { makeRepositories } from '../database/repositories.ts';
import { Role } from './roles.ts';

/** Grants a role to the account with this email, or throws an error. It applies to existing tokens at once. */
export function grantRole(database: DatabaseSync, email: string, role: string): void {
  const known = Role.safeParse(role);
  if (!known.success) throw new ConfigError(\`There is no role "\${role}", only: \${Role.options.join(', ')}. Usage: npm run grant -- <email> <role>\`);
  const { ${account.key} } = makeRepositories(database);
  const account = ${account.key}.findBy({ email: email.trim().toLowerCase() });
  if (!account) throw new ConfigError(\`No account has the email "\${email}". Register it first.\`);
  ${account.key}.update(account.id, { role: known.data });
}

/** \`npm run grant -- <email> <role>\` */
if (import.meta.main) {
  const [email = '', role = ''] = process.argv.slice(2);
  try {
    using database = openDatabase(readConfig(process.env).databasePath);
    migrate(database);
    grantRole(database, email, role);
    console.log(\`\${email} is \${role} now.\`);
  } catch (error) {
    console.error(error instanceof ConfigError ? error.message : error);
    process.exitCode = 1;
  }
}
`

/** `tests/auth/roles.test.ts`: roles are granted, not requested, and apply at once. */
export function rolesTestFile(account: Resource, model: ProjectModel): string {
  const [initial = '', other = ''] = model.roles.map(stringLiteral)
  const body = requestFunction(account)
  const change = account.operations.has('update')
    ? `
  it('come from no change of an account', async () => {
    await using server = await startServer(${roleLiteral(account, model)});
    const response = await server.send('PATCH', \`${account.path}/\${server.me.id}\`, { role: ${other} });
    assert.equal(response.statusCode, 400);
    assert.equal(response.json().error.details[0].path, 'role');
  });
`
    : ''
  const beyond = goesBeyond(model)
    ? `
  it('exempt from ownership only where they are named', () => {
    assert.deepEqual(own({ id: 'ada', role: ${initial} }, 'ownerId', ${other}), { ownerId: 'ada' });
    assert.deepEqual(own({ id: 'ada', role: ${other} }, 'ownerId', ${other}), {});
  });
`
    : ''
  return `import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { grantRole } from '../../src/auth/grant.ts';
${beyond && "import { own } from '../../src/auth/roles.ts';\n"}import { ${body} } from '../support/fixtures.ts';
import { startServer } from '../support/server.ts';

describe('roles', () => {
  it('are not chosen by who registers', async () => {
    await using server = await startServer();
    const registration = { ...${body}(server), password: 'correct horse' };
    const greedy = await server.send('POST', '/auth/register', { ...registration, role: ${other} }, null);
    assert.equal(greedy.statusCode, 400);
    assert.equal(greedy.json().error.details[0].path, 'role');
    const modest = await server.send('POST', '/auth/register', registration, null);
    assert.equal(modest.json().account.role, ${initial});
  });
${change}
  it('are granted to an account, whose tokens have them at once', async () => {
    await using server = await startServer(${initial});
    grantRole(server.database, \` \${server.me.email.toUpperCase()} \`, ${other});
    const response = await server.send('GET', '/auth/me');
    assert.equal(response.json().role, ${other});
  });

  it('are granted to nobody who is not there, and only if there are such roles', async () => {
    await using server = await startServer();
    assert.throws(() => grantRole(server.database, 'nobody@example.com', ${other}), /Register it first/);
    assert.throws(() => grantRole(server.database, server.me.email, 'emperor of all'), /only: /);
  });
${beyond}});
`
}

/** The role in which an account can update itself. */
const roleLiteral = ({ policies }: Resource, { roles }: ProjectModel): string =>
  stringLiteral(policies.update.roles[0] ?? roles[0] ?? '')
