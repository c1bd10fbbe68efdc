import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

/** The walls between the rooms are lint rules; here each is broken on purpose, to see that it holds. */

const OXLINT = resolve('node_modules/.bin/oxlint')

let dir: string
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'walls-'))
  await cp('.oxlintrc.json', join(dir, '.oxlintrc.json'))
})
afterAll(() => rm(dir, { recursive: true }))

async function lint(path: string, code: string): Promise<string> {
  const file = join(dir, path)
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, code)
  return new Promise((done) => {
    execFile(process.execPath, [OXLINT, '--format=json', path], { cwd: dir }, (_, stdout) => done(stdout))
  })
}

describe('the walls between the rooms', () => {
  it.each([
    ['api/contract/breach.ts', 'fastify', 'The contract is a leaf'],
    ['api/contract/breach-up.ts', '../queue/producer/jobs.ts', 'The contract is a leaf'],
    ['lib/breach.ts', '../api/app.ts', 'lib is a leaf'],
    ['lib/breach-door.ts', '#contract', 'lib is a leaf'],
    ['bots/breach.ts', '../api/app.ts', 'Bots know the API'],
    ['bots/slack/breach.ts', '../../worker/config.ts', 'One chat knows nothing of another'],
    ['bots/breach-door.ts', '#queue/producer/jobs', 'Bots know the API'],
    ['bots/breach-queue.ts', 'bullmq', 'Bots know the API'],
    ['bots/breach-model.ts', 'openai', 'Bots know the API'],
    ['api/routes/breach.ts', '../../worker/config.ts', 'The API decides'],
    ['api/breach.ts', '../bots/api-client.ts', 'The API decides'],
    ['worker/breach.ts', '../api/app.ts', 'The worker reaches the API'],
    ['worker/generate/breach.ts', '../../bots/api-client.ts', 'Generating knows no chat'],
    ['worker/generate/breach-queue.ts', '#queue/producer/jobs', 'Generating knows no chat'],
    ['worker/deliver/breach.ts', '../../bots/slack/app.ts', 'Of the bots, delivering knows'],
    ['worker/deliver/breach-discord.ts', '../../bots/discord/app.ts', 'Of the bots, delivering knows'],
    ['bots/discord/breach.ts', '../slack/app.ts', 'One chat knows nothing of another'],
    ['bots/slack/breach-discord.ts', '../discord/app.ts', 'One chat knows nothing of another'],
    ['bots/slack/breach-client.ts', 'discord.js', 'One chat knows nothing of another'],
    ['bots/slack/blocks/breach.ts', '../../discord/limits.ts', 'One chat knows nothing of another'],
    ['bots/slack/breach-third.ts', '../third/limits.ts', 'One chat knows nothing of another'],
    ['bots/third/breach.ts', '../slack/limits.ts', 'One chat knows nothing of another'],
    ['bots/core/breach.ts', '../slack/reply.ts', 'the common room of none'],
    ['bots/core/breach-third.ts', '../third/reply.ts', 'the common room of none'],
    ['bots/core/breach-client.ts', 'discord.js', 'the common room of none'],
    ['bots/cards/breach.ts', '../discord/limits.ts', 'the common room of none'],
    ['bots/breach-chat.ts', './slack/start-slack.ts', 'Only bots/chats.ts and bots/config.ts name a chat'],
    ['worker/deliver/breach-post.ts', '../../bots/slack/post.ts', 'Of the bots, delivering knows'],
    ['worker/deliver/breach-third.ts', '../../bots/third/post.ts', 'Of the bots, delivering knows'],
    ['worker/deliver/breach-run.ts', '../sandbox/none.ts', 'Delivering runs nothing'],
    ['worker/generate/breach-stack.ts', '../stacks/fastify/model.ts', 'Only worker/stacks/registry.ts names'],
    ['worker/breach-stack.ts', './stacks/fastify/model.ts', 'Only worker/stacks/registry.ts names'],
    ['worker/stacks/breach.ts', './fastify/model.ts', 'Only worker/stacks/registry.ts names'],
    ['cli/breach-stack.ts', '../worker/stacks/fastify/kit.ts', 'Only worker/stacks/registry.ts names'],
    ['test/breach-stack.ts', '../worker/stacks/fastify/kit.ts', 'Only worker/stacks/registry.ts names'],
    ['worker/stacks/fastify/breach.ts', '../../generate/verify/kit.ts', 'A stack stands on the Blueprint'],
    ['worker/stacks/fastify/breach-model.ts', '../../models/openai.ts', 'A stack renders a Blueprint'],
    ['worker/stacks/fastify/templates/breach.ts', '../../../sandbox/none.ts', 'A stack renders a Blueprint'],
    ['worker/generate/blueprint/breach.ts', '../render/samples.ts', 'The Blueprint is a leaf'],
    ['worker/generate/blueprint/lint/breach.ts', '../../../stacks/registry.ts', 'The Blueprint is a leaf'],
    ['worker/generate/blueprint/breach-failure.ts', '../failure.ts', 'The Blueprint is a leaf'],
    [
      'worker/generate/render/breach.ts',
      '../../stacks/registry.ts',
      'Code generation stands on the Blueprint',
    ],
    ['worker/generate/render/encode/breach.ts', '../../pack.ts', 'Code generation stands on the Blueprint'],
    ['worker/generate/attempt/breach.ts', '../pipeline.ts', 'are leaves'],
    ['worker/generate/code/breach.ts', '../verify/kit.ts', 'are leaves'],
    ['worker/generate/archive/breach.ts', '../pack.ts', 'are leaves'],
    ['worker/generate/compute/breach.ts', '../design/tasks.ts', 'Computing runs tasks that it is given'],
    ['worker/generate/compute/breach-tasks.ts', '../tasks/tasks.ts', 'Computing runs tasks that it is given'],
    ['worker/generate/design/breach.ts', '../render/names.ts', 'A designer stands on the Blueprint'],
    ['worker/generate/design/import/breach.ts', '../../../stacks/registry.ts', 'A designer stands on'],
    ['worker/generate/verify/breach.ts', '../design/designer.ts', 'Verification takes files'],
    ['worker/generate/verify/breach-stage.ts', '../write.ts', 'Verification takes files'],
    ['worker/generate/write/breach.ts', '../pipeline.ts', 'The pipeline calls the stages'],
    ['worker/generate/stages/breach.ts', '../tasks/tasks.ts', 'The pipeline calls the stages'],
    ['worker/generate/stages/breach-chat.ts', '../../../bots/api-client.ts', 'Generating knows no chat'],
    [
      'worker/generate/design/breach-stack.ts',
      '../../stacks/fastify/model.ts',
      'Only worker/stacks/registry.ts',
    ],
    ['worker/sandbox/breach.ts', '../../api/store/file-store.ts', 'A sandbox runs a command'],
    ['worker/sandbox/breach-verify.ts', '../generate/verify/kit.ts', 'A sandbox runs a command'],
    ['worker/sandbox/rootfs/breach.ts', '../../stacks/registry.ts', 'A sandbox runs a command'],
    ['worker/models/breach.ts', '../generate/attempt/failure.ts', 'Asking a model is a room by itself'],
    ['worker/models/breach-ports.ts', '../ports.ts', 'Asking a model is a room by itself'],
    ['worker/models/breach-store.ts', '#store/job-store', 'Asking a model is a room by itself'],
    ['api/queue/producer/breach.ts', '../consumer/run-job.ts', 'Queueing jobs and taking them are apart'],
    ['api/queue/producer/breach-host.ts', '../hosts/redis-url.ts', 'Queueing jobs and taking them are apart'],
    [
      'api/queue/producer/breach-door.ts',
      '#queue/consumer/run-job',
      'Queueing jobs and taking them are apart',
    ],
    ['api/queue/consumer/breach.ts', '../producer/jobs.ts', 'Queueing jobs and taking them are apart'],
    [
      'api/queue/consumer/breach-host.ts',
      '../hosts/redis-child.ts',
      'Queueing jobs and taking them are apart',
    ],
    ['api/queue/consumer/breach-worker.ts', '../../../worker/config.ts', 'The API decides'],
    ['api/queue/events/breach.ts', '../producer/jobs.ts', 'The event log knows neither'],
    ['api/queue/events/breach-up.ts', '../consumer/generate-worker.ts', 'The event log knows neither'],
    ['api/queue/events/breach-host.ts', '../hosts/open-backend.ts', 'The event log knows neither'],
    ['api/queue/hosts/breach.ts', '../producer/jobs.ts', 'A host opens a Redis'],
    ['api/queue/hosts/breach-up.ts', '../events/event-log.ts', 'A host opens a Redis'],
    ['api/queue/hosts/embedded/breach.ts', '../../consumer/run-job.ts', 'A host opens a Redis'],
    ['api/queue/breach.ts', './events/event-log.ts', 'What the rooms of the queue share'],
    ['api/queue/breach-down.ts', './producer/jobs.ts', 'What the rooms of the queue share'],
    ['api/breach-consumer.ts', '#queue/consumer/generate-worker', 'The API queues jobs'],
    ['api/routes/breach-consumer.ts', '../queue/consumer/run-job.ts', 'The API queues jobs'],
    ['api/routes/breach-inside.ts', '#queue/producer/submit', 'The API reaches the queue through Jobs'],
    ['api/breach-host.ts', '#queue/hosts/redis-child', 'Which Redis it is'],
    ['worker/breach-producer.ts', '#queue/producer/jobs', 'The worker takes jobs'],
    ['worker/deliver/breach-producer.ts', '#queue/producer/jobs', 'The worker takes jobs'],
    ['worker/breach-inside.ts', '#queue/consumer/run-job', 'The worker takes jobs through'],
    ['worker/deliver/breach-inside.ts', '#queue/consumer/attempt', 'The worker takes jobs through'],
    ['worker/breach-host.ts', '#queue/hosts/embedded/open-embedded', 'Which Redis it is'],
  ])('%s may not import %s', async (path, target, message) => {
    expect(await lint(path, `import { x } from '${target}'\nexport const y = x\n`)).toContain(message)
  })

  it.each([
    ['api/contract/fine.ts', 'zod'],
    ['bots/fine.ts', '#contract'],
    ['bots/chats.ts', './slack/start-slack.ts'],
    ['bots/config.ts', './third/config.ts'],
    ['bots/core/fine.ts', '../story.ts'],
    ['bots/slack/fine.ts', '../core/handle.ts'],
    ['bots/slack/blocks/fine.ts', '../limits.ts'],
    ['worker/generate/fine.ts', '#store/job-store'],
    ['worker/stacks/registry.ts', './fastify/stack.ts'],
    ['worker/stacks/fastify/fine.ts', '../../generate/render/names.ts'],
    ['worker/generate/blueprint/lint/fine.ts', '../words.ts'],
    ['worker/generate/fine-stack.ts', '../stacks/registry.ts'],
    ['worker/sandbox/fine.ts', '../ports.ts'],
    ['worker/generate/design/fine.ts', '../blueprint/words.ts'],
    ['worker/generate/design/offline/read/fine.ts', '../text/words.ts'],
    ['worker/generate/render/fine.ts', '../blueprint/words.ts'],
    ['worker/generate/verify/fine.ts', '../../sandbox/ports.ts'],
    ['worker/generate/stages/fine.ts', '../../stacks/registry.ts'],
    ['worker/models/fine.ts', '#lib/log'],
    ['worker/deliver/fine.ts', '../../bots/chats.ts'],
    ['worker/deliver/fine-queue.ts', '#queue/consumer/deliver-worker'],
    ['api/routes/fine.ts', '#queue/producer/jobs'],
  ])('%s may import %s', async (path, target) => {
    expect(await lint(path, `import { x } from '${target}'\nexport const y = x\n`)).toContain(
      '"diagnostics": []',
    )
  })

  it('lets no import go in a circle, of types or of values', async () => {
    await lint('api/circle-a.ts', `import type { B } from './circle-b.ts'\nexport type A = B | null\n`)
    const back = `import type { A } from './circle-a.ts'\nexport type B = { a: A }\n`
    expect(await lint('api/circle-b.ts', back)).toContain('Dependency cycle detected')
  })

  it('keeps the process to the mains', async () => {
    const code = 'export const port = process.env.PORT\n'
    expect(await lint('api/breach-process.ts', code)).toContain('Only a main.ts touches the process')
    expect(await lint('api/main.ts', code)).toContain('"diagnostics": []')
  })
})
