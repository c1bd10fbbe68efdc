import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, describe, expect, it } from 'vitest'
import { lintBlueprint } from '../generator/blueprint/lint-blueprint.ts'
import { importOpenApi } from '../generator/designers/import/openapi/import-openapi.ts'
import { renderProject } from '../generator/stages/render-project.ts'
import { defaultStack } from '../generator/stacks/registry.ts'

/** Projects from documents with sign-in of their own, asked over HTTP as those documents say. */

const run = promisify(execFile)
const folders: string[] = []
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))))

async function projectOf(name: string): Promise<string> {
  const text = await readFile(join(import.meta.dirname, 'fixtures/specs', name), 'utf8')
  const { blueprint } = lintBlueprint((await importOpenApi(text, {})).blueprint)
  const folder = await mkdtemp(join(tmpdir(), 'decides-'))
  folders.push(folder)
  for (const { path, content } of await renderProject(blueprint)) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), content)
  }
  await symlink(join(defaultStack.kitDirectory, 'node_modules'), join(folder, 'node_modules'), 'junction')
  return folder
}

/** Runs a script beside the project, and returns what it prints as JSON. */
async function ask(folder: string, script: string): Promise<unknown> {
  const path = join(folder, 'ask.ts')
  await writeFile(
    path,
    `import { startOwnServer } from './tests/support/server.ts';
await using server = await startOwnServer();
const answers: unknown[] = [];
async function send(method: 'GET' | 'POST' | 'PATCH' | 'DELETE', url: string, body?: object, authorization?: string) {
  const response = await server.app.inject({ method, url, headers: authorization ? { authorization } : {}, ...(body && { body }) });
  const json = response.body === '' ? undefined : response.json();
  answers.push([\`\${method} \${url}\`, response.statusCode, json]);
  return json;
}
${script}
process.stdout.write(JSON.stringify(answers));
process.exitCode = 0;
`,
  )
  return JSON.parse((await run(process.execPath, [path], { cwd: folder })).stdout)
}

const ownTests = (folder: string) =>
  run(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', '--test', '--test-isolation=none', 'tests/**/*.test.ts'],
    { cwd: folder, maxBuffer: 2 ** 26 },
  )

describe('a diary with sign-in of its own', () => {
  it('is served as its document says', { timeout: 240_000 }, async () => {
    const folder = await projectOf('own-sign-in.yaml')
    const answers = await ask(
      folder,
      `
const ann = { name: 'ann', password: 'correct horse' };
await send('POST', '/api/v2/sign-up', ann);
await send('POST', '/api/v2/sign-up', ann);
await send('POST', '/api/v2/sign-in', { ...ann, password: 'wrong' });
const { token } = await send('POST', '/api/v2/sign-in', ann);
await send('POST', '/api/v2/sign-up', { name: 'bob', password: 'another' });
const bob = await send('POST', '/api/v2/sign-in', { name: 'bob', password: 'another' });
answers.length -= 1;
answers.splice(3, 1);
await send('GET', '/api/v2/entries');
await send('POST', '/api/v2/entries', { text: 'A day', mood: 'fine', weather: 'rain' }, 'Token ' + token);
await send('POST', '/api/v2/entries', { mood: 'fine' }, 'Token ' + token);
await send('GET', '/api/v2/entries', undefined, 'Token ' + token);
await send('GET', '/api/v2/entries', undefined, 'Token ' + bob.token);
await send('POST', '/auth/login', ann);
`,
    )
    expect(answers).toEqual(
      [
        ['POST /api/v2/sign-up', 201, undefined],
        ['POST /api/v2/sign-up', 409, { problems: ['name: Already taken'] }],
        ['POST /api/v2/sign-in', 401, { problems: ['The name or the password is wrong.'] }],
        ['POST /api/v2/sign-up', 201, undefined],
        ['GET /api/v2/entries', 401, { problems: ['Send a valid token: Authorization: Token <token>.'] }],
        ['POST /api/v2/entries', 201, { id: 1, text: 'A day', mood: 'fine' }],
        ['POST /api/v2/entries', 422, { problems: ['text: Required'] }],
        ['GET /api/v2/entries', 200, [{ id: 1, text: 'A day', mood: 'fine' }]],
        ['GET /api/v2/entries', 200, []],
        ['POST /auth/login', 404, { problems: ['There is no POST /auth/login.'] }],
      ].map((answer) => answer.map((part) => part ?? null)),
    )
    await ownTests(folder)
  })
})

describe('decks of accounts', () => {
  it('are listed for their account, and deleted by it alone', { timeout: 240_000 }, async () => {
    const folder = await projectOf('decks.yaml')
    const answers = await ask(
      folder,
      `
const [ann, bob] = [server.signUp(), server.signUp()];
const deck = await send('POST', '/decks/', { name: 'Verbs' }, ann.headers.authorization);
answers.push(deck.user_id === ann.account.id);
await send('GET', '/decks/', undefined, bob.headers.authorization);
await send('DELETE', '/decks/' + deck.id, undefined, bob.headers.authorization);
await send('DELETE', '/decks/' + deck.id, undefined, ann.headers.authorization);
`,
    )
    expect(answers).toMatchObject([
      ['POST /decks/', 201, { name: 'Verbs' }],
      true,
      ['GET /decks/', 200, []],
      [expect.stringMatching(/^DELETE/), 404, expect.anything()],
      [expect.stringMatching(/^DELETE/), 204, null],
    ])
    await ownTests(folder)
  })
})
