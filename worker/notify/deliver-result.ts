import { createHash } from 'node:crypto'
import type { ArchiveInfo } from '#contract'
import type { ResultArchive } from '../../bots/core/cards/notification.ts'
import { ChatError, type PostsFiles } from '../../bots/core/chat.ts'
import {
  findFile,
  MAX_UPLOAD_FAILURES,
  NOT_TAKEN,
  settle,
  settleUpload,
  type ResultDeps,
} from './result-deps.ts'
import { shareResult } from './share-result.ts'

const TOO_LARGE = 'The archive is too large to attach here.'

/**
 * Posts the result once: with the archive as its file, or with a link to it where the file is not taken. Throws
 * `ChatError`; the next turn then goes on from the state.
 */
export async function deliverResult(deps: ResultDeps): Promise<void> {
  const { archive, state, messages } = deps
  if (await isPosted(deps)) return
  if (archive === null) return messages.post('result', deps.resultWith(null))
  if (state.archive.by === null) await deliverFile(deps, archive)
  // Not posted with the file.
  if (state.result === null) await messages.post('result', deps.resultWith(whereIs(deps, archive)))
}

/** Whether the result is there, or the last message of an earlier version. */
async function isPosted(deps: ResultDeps): Promise<boolean> {
  const { messages, state, archive } = deps
  const isThere = (await messages.locate('ping')) || (await messages.locate('result'))
  if (isThere && archive !== null && state.archive.by === null)
    await settle(deps, (await findFile(deps, archive)) === null ? (deps.linkTo ? 'link' : 'none') : 'upload')
  return isThere
}

/** Decides how the archive is delivered. An upload is posted with the result. */
async function deliverFile(deps: ResultDeps, archive: ArchiveInfo): Promise<void> {
  const { chat, state, log, jobId } = deps
  if (state.archive.lost) {
    const found = await findFile(deps, archive)
    if (found !== null) return settleUpload(deps, found.isAlone ? null : found.id)
    state.archive = { ...state.archive, lost: false }
  }
  if (archive.bytes > deps.uploadLimit) return settle(deps, 'link', TOO_LARGE)
  const read = await readArchive(deps, archive)
  if ('problem' in read) {
    log.error({ jobId }, `archive not delivered: ${read.problem}`)
    return settle(deps, 'none', read.problem)
  }
  const file = { filename: archive.filename, bytes: read.bytes }
  try {
    await (chat.files === 'posted' ? postResult(deps, chat, file) : shareResult(deps, chat, archive, file))
  } catch (error) {
    if (!(error instanceof ChatError) || error.code !== 'refused') throw error
    log.warn({ jobId, reason: error.reason }, 'archive upload failed, sending a link')
    await settle(deps, 'link', NOT_TAKEN)
  }
}

/** Posts the result with its file as one message, which is looked up before it is posted again. */
async function postResult(
  deps: ResultDeps,
  chat: PostsFiles<unknown>,
  file: { filename: string; bytes: Uint8Array },
): Promise<void> {
  const { state, messages, place, save } = deps
  // The chat responds and the message never appears: something in between blocks the file.
  if (state.archive.failures >= MAX_UPLOAD_FAILURES) return settle(deps, 'link', NOT_TAKEN)
  const { filename } = file
  try {
    await messages.post('result', deps.resultWith({ filename, at: 'message' }), (message, marker) =>
      chat.postFile(place, message, file, marker),
    )
  } catch (error) {
    if (error instanceof ChatError && error.code === 'ambiguous') {
      state.archive.failures++
      await save()
    }
    throw error
  }
  await settle(deps, 'upload')
}

/** For a result without its file. */
function whereIs({ state, jobId, linkTo }: ResultDeps, { filename }: ArchiveInfo): ResultArchive {
  const { by, why } = state.archive
  switch (by) {
    case 'upload':
      return { filename, at: 'thread' }
    case 'link': {
      if (linkTo === null) return { filename, at: 'api', why }
      const { url, until } = linkTo(`/jobs/${jobId}/archive`)
      return { filename, at: 'link', url, until: dayOf(until), why }
    }
    case 'none':
    case null:
      return { filename, at: 'nowhere', why }
  }
}

/** `1 December 2026`, in UTC. */
const dayOf = (date: Date) => date.toLocaleDateString('en-GB', { dateStyle: 'long', timeZone: 'UTC' })

async function readArchive(
  { store, jobId }: ResultDeps,
  archive: ArchiveInfo,
): Promise<{ bytes: Uint8Array } | { problem: string }> {
  const stream = await store.openArchive(jobId)
  if (stream === null) return { problem: 'The archive has expired. Ask for the backend again.' }
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer())
  if (createHash('sha256').update(bytes).digest('hex') === archive.sha256) return { bytes }
  return { problem: 'The stored archive is damaged. Ask for the backend again.' }
}
