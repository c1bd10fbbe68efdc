import { pino } from 'pino'
import { describe, expect, it } from 'vitest'
import { gatherRequest } from './gather-request.ts'
import type { AttachedFile, MessagePayload } from './payloads.ts'
import { SpecFileError } from './spec-file.ts'

type Message = MessagePayload<null, string>
const file = (name: string): AttachedFile => ({ id: name, name, bytes: 10, url: `https://files/${name}` })

async function gather(
  words: string,
  given: {
    files?: Record<string, string | null>
    shared?: Message['shared']
    thread?: readonly string[]
    isRefinement?: boolean
  } = {},
) {
  const { files = {}, shared = [], thread = null, isRefinement = false } = given
  const chat = {
    log: pino({ level: 'silent' }),
    errorSummary: String,
    readMessages: async () => thread ?? [],
    async readSpec({ name }: AttachedFile) {
      const content = files[name ?? '']
      if (content == null) throw new SpecFileError(`${name} cannot be read`)
      return content
    },
  }
  const message = { files: Object.keys(files).map(file), shared, thread: 't', key: 'k' } as unknown as Message
  const gathered = await gatherRequest(chat, message, { words, isRefinement, readsThread: thread !== null })
  if (gathered.kind === 'reply') return gathered.reply.lines.map((line) => line.text.join('')).join('\n')
  const note = gathered.note?.lines.map((line) => line.text.join('')).join('\n') ?? null
  const otherFiles = gathered.otherFiles.map(({ name }) => name)
  return {
    prompt: gathered.prompt,
    file: gathered.file?.name ?? null,
    ...(otherFiles.length > 0 && { otherFiles }),
    note,
  }
}

describe('the request of a message', () => {
  it.each([
    ['a todo app', {}, { prompt: 'a todo app', file: null, note: null }],
    ['a shop', { files: { 'shop.yaml': 'x' } }, { prompt: 'a shop', file: 'shop.yaml', note: null }],
    // Refused with a reason when it is fetched, as for a command.
    ['a shop', { files: { 'logo.png': null } }, { prompt: 'a shop', file: 'logo.png', note: null }],
    [
      '',
      { files: { 'notes.md': 'a shop with orders' } },
      { prompt: 'a shop with orders', file: null, note: null },
    ],
    [
      'a shop',
      { files: { 'notes.md': 'orders have\nlines', 'shop.sql': 'create', 'logo.png': null } },
      {
        prompt: 'a shop\n\nContext, from notes.md:\n> orders have\n> lines',
        file: 'shop.sql',
        note: 'Read: shop.sql, notes.md.\nNot read: logo.png (not a text file).',
      },
    ],
  ] as const)('%j with files: %j', async (words, given, expected) => {
    expect(await gather(words, given)).toEqual(expected)
  })

  it('takes the files that a document refers to along with it', async () => {
    const files = {
      'pet.yaml': 'type: object',
      'sample.json': '{"name": "Rex"}',
      'api.yaml': 'openapi: 3.1.0\ncomponents: {schemas: {Pet: {$ref: models/pet.yaml}}}',
    }
    expect(await gather('a shop', { files })).toMatchObject({
      prompt: expect.stringContaining('Context, from sample.json'),
      file: 'api.yaml',
      otherFiles: ['pet.yaml'],
      note: 'Read: api.yaml, pet.yaml, sample.json.',
    })
  })

  it('says which file is too long', async () => {
    expect(await gather('a shop', { files: { 'a.yaml': 'x', 'b.md': 'x'.repeat(12_001) } })).toMatchObject({
      note: 'Read: a.yaml.\nNot read: b.md (longer than a prompt can hold).',
    })
  })

  it('includes shared messages, alone or as context', async () => {
    const shared = [{ text: 'a todo app with tags', files: [] }]
    const alone = { prompt: 'a todo app with tags', file: null, note: null }
    expect(await gather('', { shared })).toEqual(alone)
    expect(await gather('build this please', { shared })).toEqual(alone)
    expect(await gather('like this, with dates', { shared })).toMatchObject({
      prompt: 'like this, with dates\n\nContext, from a shared message:\n> a todo app with tags',
    })
  })

  it.each([
    'build this',
    'Please build what we discussed!',
    'ok, make it',
    'can you build this thread',
    'go ahead and implement what was decided above',
  ])('reads the thread for %j', async (words) => {
    const thread = ['We need a library.', 'With loans.']
    expect(await gather(words, { thread })).toEqual({
      prompt: 'We need a library.\nWith loans.',
      file: null,
      note: 'Building from 2 messages of this thread.',
    })
    expect(await gather(words, { thread: [] })).toContain('I found nothing here to build from')
    expect(await gather(words)).toContain('I found nothing here to build from')
  })

  it.each(['build a todo app', 'this and that', 'make items unique'])(
    'is complete without the thread: %j',
    async (words) => {
      expect(await gather(words, { thread: ['lunch?'] })).toMatchObject({ prompt: words, note: null })
    },
  )

  it('leaves out the oldest messages of a long thread, and says so', async () => {
    const thread = ['old '.repeat(2_000), 'x'.repeat(6_000), 'y'.repeat(5_000)]
    expect(await gather('build this', { thread })).toMatchObject({
      prompt: `${'x'.repeat(6_000)}\n${'y'.repeat(5_000)}`,
      note: 'Building from 2 messages of this thread; 1 older ones didn’t fit.',
    })
  })

  it('reads text for a change, but no document', async () => {
    expect(
      await gather('apply this list', { isRefinement: true, files: { 'changes.md': 'add tags' } }),
    ).toEqual({
      prompt: 'apply this list\n\nContext, from changes.md:\n> add tags',
      file: null,
      note: null,
    })
    expect(await gather('like this', { isRefinement: true, files: { 'shop.sql': 'create' } })).toContain(
      'can’t use an attached file',
    )
    // “Do it” in the thread of a job is a change, whatever it means.
    expect(await gather('do it', { isRefinement: true })).toMatchObject({ prompt: 'do it' })
  })
})
