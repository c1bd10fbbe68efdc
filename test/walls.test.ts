import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'

/**
 * The walls between the rooms are lint rules; here each is broken on purpose, to see that it holds. All files are linted
 * at once: a start of the linter takes longer than reading them.
 */

const OXLINT = resolve('node_modules/.bin/oxlint')
const Report = z.object({
  diagnostics: z.array(z.object({ message: z.string(), help: z.string().optional(), filename: z.string() })),
})

/** A file that may not import a module, and how the message about it begins. */
const BREACHES: readonly (readonly [path: string, target: string, message: string])[] = [
  ['contract/breach.ts', 'fastify', 'The contract is a leaf'],
  ['contract/breach-up.ts', '../jobs/queue/producer/jobs.ts', 'The contract is a leaf'],
  ['lib/breach.ts', '../api/app.ts', 'lib is a leaf'],
  ['lib/breach-door.ts', '#contract', 'lib is a leaf'],
  ['bots/breach.ts', '../api/app.ts', 'Bots know the API'],
  ['bots/slack/breach.ts', '../../worker/config.ts', 'One chat knows nothing of another'],
  ['bots/breach-door.ts', '#queue/producer/jobs', 'Bots know the API'],
  ['bots/breach-queue.ts', 'bullmq', 'Bots know the API'],
  ['bots/breach-model.ts', 'openai', 'Bots know the API'],
  ['api/routes/breach.ts', '../../worker/config.ts', 'The API decides'],
  ['api/breach.ts', '../bots/api-client.ts', 'The API decides'],
  ['api/breach-generator.ts', '../generator/ports.ts', 'The API decides'],
  ['worker/breach.ts', '../api/app.ts', 'The worker reaches jobs by'],
  ['generator/breach.ts', '../bots/api-client.ts', 'The generator knows no program'],
  ['generator/breach-worker.ts', '../worker/config.ts', 'The generator knows no program'],
  ['generator/breach-jobs.ts', '../jobs/store/file-store.ts', 'The generator knows no program'],
  ['generator/breach-queue.ts', '#queue/producer/jobs', 'The generator knows no program'],
  ['worker/notify/breach.ts', '../../bots/slack/app.ts', 'Of the bots, the notifier knows'],
  ['worker/notify/breach-discord.ts', '../../bots/discord/app.ts', 'Of the bots, the notifier knows'],
  ['bots/discord/breach.ts', '../slack/app.ts', 'One chat knows nothing of another'],
  ['bots/slack/breach-discord.ts', '../discord/app.ts', 'One chat knows nothing of another'],
  ['bots/slack/breach-client.ts', 'discord.js', 'One chat knows nothing of another'],
  ['bots/slack/blocks/breach.ts', '../../discord/limits.ts', 'One chat knows nothing of another'],
  ['bots/slack/breach-third.ts', '../third/limits.ts', 'One chat knows nothing of another'],
  ['bots/third/breach.ts', '../slack/limits.ts', 'One chat knows nothing of another'],
  ['bots/core/breach.ts', '../slack/reply.ts', 'the common room of none'],
  ['bots/core/breach-third.ts', '../third/reply.ts', 'the common room of none'],
  ['bots/core/breach-client.ts', 'discord.js', 'the common room of none'],
  ['bots/core/cards/breach.ts', '../../discord/limits.ts', 'the common room of none'],
  ['bots/breach-chat.ts', './slack/start-slack.ts', 'Only bots/chats.ts and bots/config.ts name a chat'],
  ['worker/notify/breach-post.ts', '../../bots/slack/post.ts', 'Of the bots, the notifier knows'],
  ['worker/notify/breach-third.ts', '../../bots/third/post.ts', 'Of the bots, the notifier knows'],
  ['worker/notify/breach-run.ts', '../../generator/sandbox/unsandboxed.ts', 'The notifier runs nothing'],
  ['generator/breach-stack.ts', './stacks/fastify/model.ts', 'Only generator/stacks/registry.ts names'],
  ['worker/breach-stack.ts', '../generator/stacks/fastify/model.ts', 'The worker reaches the generator'],
  ['worker/breach-pipeline.ts', '../generator/pipeline/pipeline.ts', 'The worker reaches the generator'],
  ['worker/breach-ports.ts', '../generator/ports.ts', 'The worker reaches the generator'],
  ['worker/breach-llm.ts', '../generator/llm/config.ts', 'The worker reaches the generator'],
  ['generator/stacks/breach.ts', './fastify/model.ts', 'Only generator/stacks/registry.ts names'],
  ['cli/breach-stack.ts', '../generator/stacks/fastify/kit.ts', 'Only generator/stacks/registry.ts names'],
  ['test/breach-stack.ts', '../generator/stacks/fastify/kit.ts', 'Only generator/stacks/registry.ts names'],
  ['generator/stacks/fastify/breach.ts', '../../verify/kit.ts', 'A stack stands on the Blueprint'],
  ['generator/stacks/fastify/breach-model.ts', '../../llm/openai.ts', 'A stack renders a Blueprint'],
  [
    'generator/stacks/fastify/templates/breach.ts',
    '../../../sandbox/unsandboxed.ts',
    'A stack renders a Blueprint',
  ],
  ['generator/blueprint/breach.ts', '../codegen/samples.ts', 'The Blueprint is a leaf'],
  ['generator/blueprint/lint/breach.ts', '../../stacks/registry.ts', 'The Blueprint is a leaf'],
  ['generator/blueprint/breach-failure.ts', '../attempt/failure.ts', 'The Blueprint is a leaf'],
  ['generator/codegen/breach.ts', '../stacks/registry.ts', 'Code generation stands on the Blueprint'],
  ['generator/codegen/encode/breach.ts', '../../stages/pack.ts', 'Code generation stands on the Blueprint'],
  ['generator/attempt/breach.ts', '../pipeline/pipeline.ts', 'are leaves'],
  ['generator/code-check/breach.ts', '../verify/kit.ts', 'are leaves'],
  ['generator/archive/breach.ts', '../stages/pack.ts', 'are leaves'],
  ['generator/compute/breach.ts', '../designers/tasks.ts', 'Computing runs tasks that it is given'],
  ['generator/compute/breach-tasks.ts', '../tasks/tasks.ts', 'Computing runs tasks that it is given'],
  ['generator/designers/breach.ts', '../codegen/names.ts', 'A designer stands on the Blueprint'],
  ['generator/designers/import/breach.ts', '../../stacks/registry.ts', 'A designer stands on'],
  ['generator/verify/breach.ts', '../designers/designer.ts', 'Verification takes files'],
  ['generator/verify/breach-stage.ts', '../stages/write.ts', 'Verification takes files'],
  ['generator/stages/write/breach.ts', '../../pipeline/pipeline.ts', 'The pipeline calls the stages'],
  ['generator/stages/breach.ts', '../tasks/tasks.ts', 'The pipeline calls the stages'],
  ['generator/stages/breach-chat.ts', '../../bots/api-client.ts', 'The generator knows no program'],
  ['generator/designers/breach-stack.ts', '../stacks/fastify/model.ts', 'Only generator/stacks/registry.ts'],
  ['generator/sandbox/breach.ts', '../../jobs/store/file-store.ts', 'A sandbox runs a command'],
  ['generator/sandbox/breach-verify.ts', '../verify/kit.ts', 'A sandbox runs a command'],
  ['generator/sandbox/rootfs/breach.ts', '../../stacks/registry.ts', 'A sandbox runs a command'],
  ['generator/llm/breach.ts', '../attempt/failure.ts', 'Asking a model is a room by itself'],
  ['generator/llm/breach-ports.ts', '../ports.ts', 'Asking a model is a room by itself'],
  ['generator/llm/breach-store.ts', '#store/job-store', 'Asking a model is a room by itself'],
  ['jobs/store/breach.ts', '../../api/app.ts', 'Jobs are what the programs share'],
  ['jobs/queue/breach-generator.ts', '../../generator/ports.ts', 'Jobs are what the programs share'],
  ['jobs/queue/producer/breach.ts', '../consumer/run-job.ts', 'Queueing jobs and taking them are apart'],
  ['jobs/queue/producer/breach-queue.ts', 'bullmq', 'Only open-queue.ts opens a queue'],
  ['jobs/queue/producer/breach-host.ts', '../hosts/redis-url.ts', 'Queueing jobs and taking them are apart'],
  [
    'jobs/queue/producer/breach-door.ts',
    '#queue/consumer/run-job',
    'Queueing jobs and taking them are apart',
  ],
  ['jobs/queue/consumer/breach.ts', '../producer/jobs.ts', 'Queueing jobs and taking them are apart'],
  [
    'jobs/queue/consumer/breach-host.ts',
    '../hosts/redis-child.ts',
    'Queueing jobs and taking them are apart',
  ],
  ['jobs/queue/consumer/breach-worker.ts', '../../../worker/config.ts', 'Jobs are what the programs share'],
  ['jobs/queue/events/breach.ts', '../producer/jobs.ts', 'The event log knows neither'],
  ['jobs/queue/events/breach-up.ts', '../consumer/generate-worker.ts', 'The event log knows neither'],
  ['jobs/queue/events/breach-host.ts', '../hosts/open-backend.ts', 'The event log knows neither'],
  ['jobs/queue/hosts/breach.ts', '../producer/jobs.ts', 'A host opens a Redis'],
  ['jobs/queue/hosts/breach-up.ts', '../events/event-log.ts', 'A host opens a Redis'],
  ['jobs/queue/hosts/embedded/breach.ts', '../../consumer/run-job.ts', 'A host opens a Redis'],
  ['jobs/queue/breach.ts', './events/event-log.ts', 'What the rooms of the queue share'],
  ['jobs/queue/breach-down.ts', './producer/jobs.ts', 'What the rooms of the queue share'],
  ['api/breach-consumer.ts', '#queue/consumer/generate-worker', 'The API queues jobs'],
  ['api/routes/breach-consumer.ts', '../../jobs/queue/consumer/run-job.ts', 'The API queues jobs'],
  ['api/routes/breach-inside.ts', '#queue/producer/submit', 'The API reaches the queue through Jobs'],
  ['api/http/breach.ts', '../access/guard.ts', 'What speaks HTTP knows'],
  ['api/access/breach.ts', '../routes/job.ts', 'Access knows no route'],
  ['api/breach-host.ts', '#queue/hosts/redis-child', 'Which Redis it is'],
  ['worker/breach-producer.ts', '#queue/producer/jobs', 'The worker takes jobs'],
  ['worker/notify/breach-producer.ts', '#queue/producer/jobs', 'The worker takes jobs'],
  ['worker/breach-inside.ts', '#queue/consumer/run-job', 'The worker takes jobs through'],
  ['worker/notify/breach-inside.ts', '#queue/consumer/attempt', 'The worker takes jobs through'],
  ['worker/breach-host.ts', '#queue/hosts/embedded/open-embedded', 'Which Redis it is'],
]

/** A file that may import a module. */
const FINE: readonly (readonly [path: string, target: string])[] = [
  ['contract/fine.ts', 'zod'],
  ['bots/fine.ts', '#contract'],
  ['bots/chats.ts', './slack/start-slack.ts'],
  ['bots/config.ts', './third/config.ts'],
  ['bots/core/fine.ts', './job-commands.ts'],
  ['bots/slack/fine.ts', '../core/handle.ts'],
  ['bots/slack/blocks/fine.ts', '../limits.ts'],
  ['generator/fine.ts', '#store/job-store'],
  ['generator/stacks/registry.ts', './fastify/stack.ts'],
  ['generator/stacks/fastify/fine.ts', '../../codegen/names.ts'],
  ['generator/blueprint/lint/fine.ts', '../words.ts'],
  ['generator/pipeline/fine-stack.ts', '../stacks/registry.ts'],
  ['generator/sandbox/fine.ts', '../ports.ts'],
  ['generator/designers/fine.ts', '../blueprint/words.ts'],
  ['generator/designers/offline/read/fine.ts', '../text/words.ts'],
  ['generator/codegen/fine.ts', '../blueprint/words.ts'],
  ['generator/verify/fine.ts', '../sandbox/ports.ts'],
  ['generator/stages/fine.ts', '../stacks/registry.ts'],
  ['generator/llm/fine.ts', '#lib/log'],
  ['worker/fine.ts', '../generator/open-generator.ts'],
  ['worker/fine-config.ts', '../generator/config.ts'],
  ['worker/notify/fine.ts', '../../bots/chats.ts'],
  ['worker/notify/fine-queue.ts', '#queue/consumer/deliver-worker'],
  ['api/routes/fine.ts', '#queue/producer/jobs'],
]

const importOf = (target: string) => `import { x } from '${target}'\nexport const y = x\n`
const PROCESS = 'export const port = process.env.PORT\n'
const FILES = new Map<string, string>([
  ...[...BREACHES, ...FINE].map(([path, target]) => [path, importOf(target)] as const),
  ['api/circle-a.ts', `import type { B } from './circle-b.ts'\nexport type A = B | null\n`],
  ['api/circle-b.ts', `import type { A } from './circle-a.ts'\nexport type B = { a: A }\n`],
  ['api/breach-process.ts', PROCESS],
  ['api/main.ts', PROCESS],
])

describe('the walls between the rooms', () => {
  let found: Map<string, string[]>
  beforeAll(async () => {
    found = await lint(FILES)
  })

  it('are told apart by their files', () => {
    expect(FILES.size).toBe(BREACHES.length + FINE.length + 4)
    expect([...found.keys()].filter((path) => !FILES.has(path))).toEqual([])
  })

  it.each(BREACHES)('%s may not import %s', (path, _, message) => {
    expect(found.get(path)?.join('\n')).toContain(message)
  })

  it.each(FINE)('%s may import %s', (path) => {
    expect(found.get(path)).toBeUndefined()
  })

  it('lets no import go in a circle, of types or of values', () => {
    expect(found.get('api/circle-b.ts')?.join('\n')).toContain('Dependency cycle detected')
  })

  it('keeps the process to the mains', () => {
    expect(found.get('api/breach-process.ts')?.join('\n')).toContain('Only a main.ts touches the process')
    expect(found.get('api/main.ts')).toBeUndefined()
  })
})

/** What the linter says about each of the files, by path; nothing for a file without a fault. */
async function lint(files: ReadonlyMap<string, string>): Promise<Map<string, string[]>> {
  const dir = await mkdtemp(join(tmpdir(), 'walls-'))
  try {
    await cp('.oxlintrc.json', join(dir, '.oxlintrc.json'))
    for (const [path, code] of files) {
      await mkdir(dirname(join(dir, path)), { recursive: true })
      await writeFile(join(dir, path), code)
    }
    const stdout = await new Promise<string>((done) => {
      execFile(process.execPath, [OXLINT, '--format=json'], { cwd: dir, maxBuffer: 16_000_000 }, (_, out) =>
        done(out),
      )
    })
    const said = new Map<string, string[]>()
    for (const { filename, message, help } of Report.parse(JSON.parse(stdout)).diagnostics)
      said.set(filename, [...(said.get(filename) ?? []), message, help ?? ''])
    return said
  } finally {
    await rm(dir, { recursive: true })
  }
}
