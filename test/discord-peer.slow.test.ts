import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually } from '#queue/testing/harness'
import {
  DISCORD_PEER,
  hasDiscordPeer,
  startDiscordPeer,
  type PeerComponent,
  type PeerMessage,
} from './support/discord-peer.ts'
import { archive, startMain, temporaryFolder, view } from './support/service.ts'

const flatten = (components: readonly PeerComponent[]): PeerComponent[] =>
  components.flatMap((one) => [one, ...flatten(one.components ?? [])])
type Shown = Pick<PeerMessage, 'components'>
const wordsOf = ({ components = [] }: Shown) =>
  flatten(components)
    .map(({ content, label }) => content ?? label ?? '')
    .join('\n')
const buttonsOf = ({ components = [] }: Shown) =>
  flatten(components).flatMap(({ type, custom_id: id }) => (type === 2 && id !== undefined ? [id] : []))
const jobOf = (custom: string) => custom.split(':')[1]!

/*
 * `npm start` with what the peer covers: the gateway, commands, deferred replies, threads, components, forms and
 * autocomplete. It accepts no files, so the archive comes as a link. Our own stand-in covers deadlines and limits.
 */
describe.skipIf(!hasDiscordPeer)(`npm start on ${DISCORD_PEER}`, { timeout: 720_000 }, () => {
  const stack = new AsyncDisposableStack()
  let peer: Awaited<ReturnType<typeof startDiscordPeer>>
  let url: string
  beforeAll(async () => {
    peer = stack.use(await startDiscordPeer())
    const { path: dataDir } = stack.use(await temporaryFolder('discord-peer'))
    const env = { ...peer.env, PUBLIC_URL: 'https://backends.example.com' }
    const service = stack.use(await startMain({ dataDir, env }))
    await service.line(/Discord +on/)
    url = service.url
  }, 120_000)
  afterAll(() => stack.disposeAsync())

  const command = (options: Record<string, string>) =>
    peer.interact(2, {
      id: '1',
      type: 1,
      name: 'generate-backend',
      options: Object.entries(options).map(([name, value]) => ({ name, type: 3, value })),
    })
  const button = (custom: string, where: { threadId: string; messageId: string }) =>
    peer.interact(3, { custom_id: custom, component_type: 2 }, where)
  /** The thread in which a message says this, and the card in it. */
  const threadThatSays = (words: string) =>
    eventually(async () => {
      for (const { id, messages } of await peer.threads()) {
        const card = messages.find((message) => buttonsOf(message).length > 0)
        if (card && messages.some((message) => wordsOf(message).includes(words)))
          return { id, messages, card }
      }
      return null
    }, 90_000)

  it('goes from the command to the card in a thread, on to the archive and the form of a refinement', async () => {
    expect((await command({ prompt: 'a todo app', name: 'Twin Todo' })).type).toBe(5)
    const { id: threadId, messages, card } = await threadThatSays('is ready')
    const jobId = jobOf(buttonsOf(card)[0]!)
    const words = messages.map(wordsOf)
    // Noted a moment after the message is there.
    await expect
      .poll(() => view(url, jobId))
      .toMatchObject({ state: 'completed', delivery: { archive: 'link' } })
    expect(wordsOf(card)).toContain('Done')
    expect(words.join('\n')).toContain(`https://backends.example.com/jobs/${jobId}/archive`)
    expect((await archive(url, jobId)).subarray(0, 2).toString()).toBe('PK')
    expect(words.filter((text) => text.includes('is ready'))).toEqual([
      expect.stringContaining(`<@${peer.userId}>`),
    ])

    const typed = await peer.interact(4, {
      id: '1',
      type: 1,
      name: 'backend',
      options: [
        {
          name: 'status',
          type: 1,
          options: [{ name: 'job', type: 3, value: 'todo', focused: true }],
        },
      ],
    })
    expect(typed.data.choices).toEqual([{ name: expect.stringContaining('a todo app'), value: jobId }])

    const pressed = await button(`refine_job:${jobId}`, { threadId, messageId: card.id })
    expect([pressed.type, pressed.data.custom_id]).toEqual([9, `refine_backend:${jobId}`])
  })

  it('goes from the form to Cancel', async () => {
    const opened = await command({})
    expect(opened.type).toBe(9)
    const filled = (opened.data.components ?? []).flatMap(({ type, component }) =>
      component?.type === 4
        ? [{ type, component: { ...component, value: component.custom_id === 'prompt' ? 'a shop' : '' } }]
        : [],
    )
    expect((await peer.interact(5, { custom_id: opened.data.custom_id, components: filled })).type).toBe(5)
    const { id: threadId, card } = await threadThatSays('a shop')
    const where = { threadId, messageId: card.id }
    const jobId = jobOf(buttonsOf(card)[0]!)
    const asked = await button(`ask_cancel:${jobId}`, where)
    expect(buttonsOf(asked.data)).toEqual([`cancel_job:${jobId}`])
    await button(`cancel_job:${jobId}`, where)
    const { id } = await threadThatSays('was cancelled')
    expect(id).toBe(threadId)
    expect((await view(url, jobId)).state).toBe('cancelled')
  })
})
