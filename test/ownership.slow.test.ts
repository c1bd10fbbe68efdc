import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Blueprint } from '#contract'
import { designOffline } from '../generator/designers/offline/design-offline.ts'
import { renderProject } from '../generator/stages/render-project.ts'
import { defaultStack } from '../generator/stacks/registry.ts'

/**
 * A project over three levels, `project → task → remark`, is attacked over HTTP by a second account that knows every
 * id. It also passes its own tests, which try the same.
 */
const LEVELS =
  'Tasks belong to a project and have a title. Remarks belong to a task and have a text. Projects have a name.'

const run = promisify(execFile)
const folders: string[] = []

async function projectOf(blueprint: Blueprint): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'ownership-'))
  folders.push(folder)
  for (const { path, content } of await renderProject(blueprint)) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), content)
  }
  await symlink(join(defaultStack.kitDirectory, 'node_modules'), join(folder, 'node_modules'), 'junction')
  return folder
}

afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))))

const ATTACK = `
import { startServer } from './tests/support/server.ts';
await using server = await startServer();
const answers: Record<string, unknown> = {};
const thief = server.signUp();
async function make(path: string, body: object, sender?: typeof thief) {
  const response = await server.send('POST', path, body, sender);
  if (response.statusCode !== 201) throw new Error(path + ' ' + response.body);
  return response.json().id as string;
}
const mine = { project: await make('/projects', { name: 'Mine' }) } as Record<string, string>;
mine.task = await make('/tasks', { title: 'Mine', projectId: mine.project });
mine.remark = await make('/remarks', { text: 'Mine', taskId: mine.task });
const theirs = { project: await make('/projects', { name: 'Theirs' }, thief) } as Record<string, string>;
theirs.task = await make('/tasks', { title: 'Theirs', projectId: theirs.project }, thief);
theirs.remark = await make('/remarks', { text: 'Theirs', taskId: theirs.task }, thief);

async function attempt(name: string, method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', url: string, body?: object) {
  const response = await server.send(method, url, body, thief);
  answers[name] = response.statusCode;
  return response;
}
const bodies = {
  project: { name: 'Stolen' },
  task: { title: 'Stolen', projectId: theirs.project },
  remark: { text: 'Stolen', taskId: theirs.task },
} as Record<string, object>;
for (const kind of ['project', 'task', 'remark']) {
  const path = '/' + kind + 's';
  const list = await attempt('list ' + kind, 'GET', path + '?limit=100');
  answers['listed ' + kind] = list.json().data.map((row: { id: string }) => (row.id === mine[kind] ? 'mine' : 'theirs'));
  await attempt('read ' + kind, 'GET', path + '/' + mine[kind]);
  await attempt('replace ' + kind, 'PUT', path + '/' + mine[kind], bodies[kind]);
  await attempt('change ' + kind, 'PATCH', path + '/' + mine[kind], bodies[kind]);
  await attempt('delete ' + kind, 'DELETE', path + '/' + mine[kind]);
}
await attempt('add task', 'POST', '/tasks', { title: 'Hung', projectId: mine.project });
await attempt('add remark', 'POST', '/remarks', { text: 'Hung', taskId: mine.task });
await attempt('move task', 'PATCH', '/tasks/' + theirs.task, { projectId: mine.project });
await attempt('move remark', 'PATCH', '/remarks/' + theirs.remark, { taskId: mine.task });
await attempt('replace task with foreign project', 'PUT', '/tasks/' + theirs.task, { title: 'Moved', projectId: mine.project });
for (const kind of ['project', 'task', 'remark']) {
  const response = await server.send('GET', '/' + kind + 's/' + mine[kind]);
  answers['kept ' + kind] = response.json().name ?? response.json().title ?? response.json().text;
}
process.stdout.write(JSON.stringify(answers));
`

const attacked = async (folder: string): Promise<Record<string, unknown>> => {
  const script = join(folder, 'attack.ts')
  await writeFile(script, ATTACK)
  const { stdout } = await run(process.execPath, [script], { cwd: folder })
  return JSON.parse(stdout) as Record<string, unknown>
}

const KINDS = ['project', 'task', 'remark'] as const
const REFUSED = {
  'add task': 422,
  'add remark': 422,
  'move task': 422,
  'move remark': 422,
  'replace task with foreign project': 422,
}
const forEachKind = (answersOf: (kind: string) => Record<string, unknown>) =>
  Object.assign({}, ...KINDS.map(answersOf)) as Record<string, unknown>
const kept = forEachKind((kind) => ({ [`kept ${kind}`]: 'Mine' }))

describe.each([
  {
    name: 'private',
    rule: 'Users can only see and change their own projects.',
    reads: { read: 404, change: 404, listed: ['theirs'] },
  },
  {
    name: 'readable by everyone who is signed in',
    rule: 'Users can read all projects, tasks and remarks.',
    reads: { read: 200, change: 403, listed: ['mine', 'theirs'] },
  },
])('what belongs to a $name project', ({ rule, reads }) => {
  let folder: string
  beforeAll(async () => {
    folder = await projectOf(designOffline({ prompt: `Project API with login. ${LEVELS} ${rule}` }).blueprint)
  }, 120_000)

  it('is reached by its owner only, over every level', { timeout: 120_000 }, async () => {
    expect(await attacked(folder)).toEqual({
      ...forEachKind((kind) => ({
        [`list ${kind}`]: 200,
        [`listed ${kind}`]: reads.listed,
        [`read ${kind}`]: reads.read,
        [`replace ${kind}`]: reads.change,
        [`change ${kind}`]: reads.change,
        [`delete ${kind}`]: reads.change,
      })),
      ...REFUSED,
      ...kept,
    })
  })

  it('is tried by the tests of the project itself', { timeout: 240_000 }, async () => {
    const { stdout } = await run(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', '--test', '--test-isolation=none', 'tests/**/*.test.ts'],
      { cwd: folder, maxBuffer: 2 ** 26 },
    )
    for (const name of ['projectId', 'taskId'])
      expect(stdout.split(`refuses a ${name} of another account`).length - 1).toBe(2)
    expect(stdout).toMatch(/fail 0/)
  })
})
