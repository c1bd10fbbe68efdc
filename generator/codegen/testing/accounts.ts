import { Blueprint, type CustomOperation, type Shape, type ShapeProperty } from '#contract'
import { lintBlueprint } from '../../blueprint/lint-blueprint.ts'
import { belongsTo, blueprint, entity, field } from './blueprints.ts'

/** An API that signs people up and in at routes of its own. */

const given = (name: string, kind: 'string' | 'email' = 'string'): ShapeProperty => ({
  name,
  shape: { kind, nullable: false },
  required: true,
})
const body = (...properties: ShapeProperty[]): Shape => ({ kind: 'object', properties, nullable: false })
const session: Shape = body(
  { name: 'member', shape: { kind: 'entity', entity: 'Member', nullable: false }, required: true },
  given('token'),
)
/** That of every account in the rows of examples. */
const PASSWORD = 'correct horse battery staple'

const signUp: CustomOperation = {
  id: 'signUp',
  entity: 'Member',
  method: 'POST',
  path: '/signup',
  summary: 'Sign up',
  rules: [
    'Creates a member with this password and answers it with a token.',
    'An email that is taken is refused.',
  ],
  params: [],
  query: [],
  body: body(given('email', 'email'), given('password'), given('name')),
  responses: {
    success: { kind: 'json', status: 201, shape: session },
    errors: [{ status: 409, code: 'email_taken', when: 'There is a member with this email.' }],
  },
  access: 'public',
  examples: [
    {
      title: 'creates a member',
      rows: [],
      request: {
        params: {},
        query: {},
        body: { email: 'Ada@Example.com', password: 'a long secret', name: 'Ada' },
      },
      expect: { status: 201, body: { member: { email: 'ada@example.com', name: 'Ada' } } },
    },
    {
      title: 'refuses an email that is taken',
      rows: [{ name: 'ada', entity: 'Member', values: { email: 'ada@example.com' } }],
      request: {
        params: {},
        query: {},
        body: { email: 'ada@example.com', password: 'a long secret', name: 'Ada' },
      },
      expect: { status: 409 },
    },
  ],
}

const signIn: CustomOperation = {
  id: 'signIn',
  entity: 'Member',
  method: 'POST',
  path: '/signin',
  summary: 'Sign in',
  rules: ['Answers the member and a token.', 'An unknown email and a wrong password are refused alike.'],
  params: [],
  query: [],
  body: body(given('email', 'email'), given('password')),
  responses: {
    success: { kind: 'json', status: 200, shape: session },
    errors: [{ status: 401, code: 'wrong_credentials', when: 'The email or the password is wrong.' }],
  },
  access: 'public',
  examples: [
    {
      title: 'signs in with the right password',
      rows: [{ name: 'ada', entity: 'Member', values: { email: 'ada@example.com' } }],
      request: { params: {}, query: {}, body: { email: 'ada@example.com', password: PASSWORD } },
      expect: { status: 200, body: { member: { id: '$ada.id' } } },
    },
    {
      title: 'refuses a wrong password',
      rows: [{ name: 'ada', entity: 'Member', values: { email: 'ada@example.com' } }],
      request: { params: {}, query: {}, body: { email: 'ada@example.com', password: 'wrong' } },
      expect: { status: 401 },
    },
  ],
}

export const notesWithSignIn = Blueprint.parse({
  ...lintBlueprint(
    blueprint(
      'notes-api',
      [
        entity('Member', {
          fields: [
            field('email', 'email', { required: true, unique: true }),
            field('name', 'string', { required: true }),
          ],
          operations: ['read', 'delete'],
          access: { read: 'owner', write: 'owner' },
        }),
        entity('Note', {
          fields: [field('text', 'text', { required: true })],
          belongsTo: [belongsTo('author', 'Member')],
          owner: 'author',
          access: { read: 'owner', write: 'owner' },
        }),
      ],
      { auth: { kind: 'jwt', account: 'Member' } },
    ),
  ).blueprint,
  operations: [signUp, signIn],
})

/** What a model would write for them. */
export const signInHandlers: Record<string, string> = {
  signUp: `import { ApiError } from '../errors.ts';
import type { OperationContext } from '../operation-context.ts';
import type { SignUpInput, SignUpResult } from '../schemas/operations/sign-up.ts';

export async function signUp({ body }: SignUpInput, { repositories, transaction, credentials }: OperationContext): Promise<SignUpResult> {
  const { password, ...values } = body;
  const hash = await credentials.hashPassword(password);
  const member = transaction(() => {
    if (repositories.members.findBy({ email: values.email }))
      throw new ApiError(409, 'email_taken', 'There is a member with this email.');
    const created = repositories.members.insert(values);
    credentials.setPasswordHash(created.id, hash);
    return created;
  });
  return { member, token: await credentials.issueToken(member) };
}
`,
  signIn: `import { ApiError } from '../errors.ts';
import type { OperationContext } from '../operation-context.ts';
import type { SignInInput, SignInResult } from '../schemas/operations/sign-in.ts';

export async function signIn({ body }: SignInInput, { repositories, credentials }: OperationContext): Promise<SignInResult> {
  const member = repositories.members.findBy({ email: body.email });
  const isRight = await credentials.verifyPassword(body.password, member);
  if (!member || !isRight) throw new ApiError(401, 'wrong_credentials', 'The email or the password is wrong.');
  return { member, token: await credentials.issueToken(member) };
}
`,
}

/** A test of the whole way: sign up, sign in, and use the token at a route for owners. */
export const signInFlow = `import assert from 'node:assert/strict';
import { it } from 'node:test';
import { startOwnServer, startServer } from './support/server.ts';

const ada = { email: 'Ada@Example.com', password: 'a long secret', name: 'Ada' };
const bearer = (token: string) => ({ headers: { authorization: \`Bearer \${token}\` } });

it('signs up, signs in, and opens what is only for its owner', async () => {
  await using server = await startServer();
  const created = await server.send('POST', '/signup', ada, null);
  server.expectStatus(created, 201);
  assert.deepEqual(Object.keys(created.json().member), ['id', 'email', 'name', 'createdAt', 'updatedAt']);
  const { email, password } = ada;
  const signedIn = await server.send('POST', '/signin', { email: email.toUpperCase(), password }, null);
  server.expectStatus(signedIn, 200);
  const { token } = signedIn.json();
  const note = await server.send('POST', '/notes', { text: 'Mine' }, bearer(token));
  server.expectStatus(note, 201);
  const path = \`/notes/\${note.json().id}\`;
  server.expectStatus(await server.send('GET', path, undefined, bearer(token)), 200);
  server.expectStatus(await server.send('GET', path), 404);
  server.expectStatus(await server.send('GET', path, undefined, null), 401);
  const login = await server.send('POST', '/auth/login', { email, password }, null);
  server.expectStatus(login, 200);
});

it('answers no hash, whatever is read', async () => {
  await using server = await startServer();
  const created = await server.send('POST', '/signup', ada, null);
  const { id } = created.json().member;
  const me = await server.send('GET', \`/members/\${id}\`, undefined, bearer(created.json().token));
  server.expectStatus(me, 200);
  for (const { body } of [created, me]) assert.doesNotMatch(body, /scrypt|secret/);
});

it('limits how often a password may be tried', async () => {
  await using server = await startOwnServer({ authRateLimitPerMinute: 2 });
  const body = { email: ada.email, password: 'wrong' };
  const statuses = [];
  for (const _ of [1, 2, 3]) statuses.push((await server.send('POST', '/signin', body, null)).statusCode);
  assert.deepEqual(statuses, [401, 401, 429]);
});
`
