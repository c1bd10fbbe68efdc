import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ArchiveInfo, JobId } from '#contract'
import type { Logger } from '#lib/log'
import type { LinkTo } from '#lib/signed-link'
import type { JobStore } from '#store/job-store'
import { archiveFacts } from '../../bots/core/cards/summary.ts'
import type { SummaryArchive } from '../../bots/core/cards/notification.ts'
import {
  ChatError,
  type Chat,
  type Destination,
  type PostsFiles,
  type SharesFiles,
} from '../../bots/core/chat.ts'
import type { ConversationState } from './conversation-state.ts'

/** Checks for a shared file, and upload failures before a link is sent instead. */
const MAX_SHARE_CHECKS = 5
const MAX_UPLOAD_FAILURES = 5

type Deps = {
  jobId: JobId
  archive: ArchiveInfo
  /** In bytes; a larger archive is sent as a link. */
  uploadLimit: number
  chat: Chat
  place: Destination
  /** The job has no older messages. */
  since: Date
  state: ConversationState
  save(): Promise<void>
  resetBackoff(): void
  store: Pick<JobStore, 'openArchive'>
  /** Creates a link that works without a key. Null when PUBLIC_URL is not set. */
  linkTo: LinkTo | null
  /** Interval between checks for a shared file, in milliseconds. */
  shareCheckMs: number
  signal: AbortSignal
  log: Logger
}

/**
 * Delivers the archive as a file in the thread, or as a link. An upload counts only once the file is visible in the
 * thread; otherwise it is deleted, so that there is never a second one. Throws `ChatError`.
 */
export async function deliverArchive(deps: Deps): Promise<SummaryArchive> {
  const { archive, state } = deps
  if (state.archive.by === null) await chooseDelivery(deps)
  const file = { filename: archive.filename, facts: archiveFacts(archive) }
  const { by, why } = state.archive
  const path = `/jobs/${deps.jobId}/archive`
  switch (by) {
    case 'upload':
      return { ...file, at: 'thread' }
    case 'link': {
      if (deps.linkTo === null) return { ...file, at: 'api', path, why }
      const { url, until } = deps.linkTo(path)
      return { ...file, at: 'link', url, why: `${why} The link expires after ${dayOf(until)}.` }
    }
    case 'none':
    case null:
      return { ...file, at: 'nowhere', why }
  }
}

/** `1 December 2026`, in UTC. */
const dayOf = (date: Date) => date.toLocaleDateString('en-GB', { dateStyle: 'long', timeZone: 'UTC' })

async function chooseDelivery(deps: Deps): Promise<void> {
  const { archive, chat, place, state, save, resetBackoff, log, jobId } = deps
  const settle = (by: 'upload' | 'link' | 'none', why: string) => {
    state.archive = { ...state.archive, by, why }
    return save()
  }

  if (state.archive.lost) {
    if (await isFilePosted(deps)) return settle('upload', '')
    // The chat responds but the file never appears: something in between blocks it.
    if (chat.files === 'posted' && ++state.archive.failures >= MAX_UPLOAD_FAILURES)
      return settle('link', 'The chat rejected the file.')
  }

  // An earlier turn ended between the upload and its confirmation.
  const { fileId } = state.archive
  if (fileId !== null && chat.files === 'shared') {
    if ((await waitUntilShared(deps, chat, fileId)) === true) return settle('upload', '')
    await chat.discard(fileId)
    state.archive = { ...state.archive, fileId: null }
    await save()
  }

  if (archive.bytes > deps.uploadLimit) return settle('link', 'The file exceeds the upload limit.')
  const read = await readArchive(deps)
  if ('problem' in read) {
    log.error({ jobId }, `archive not delivered: ${read.problem}`)
    return settle('none', read.problem)
  }
  try {
    if (chat.files === 'posted') {
      await postFileOnce(deps, chat, read.bytes)
      return await settle('upload', '')
    }
    const uploaded = await chat.upload({ filename: archive.filename, bytes: read.bytes })
    resetBackoff()
    state.archive = { ...state.archive, fileId: uploaded }
    await save()
    await chat.share(place, uploaded, archive.filename)
    if ((await waitUntilShared(deps, chat, uploaded)) !== false) return settle('upload', '')
    await chat.discard(uploaded)
    return await settle('link', 'The chat accepted the file but did not show it.')
  } catch (error) {
    if (!(error instanceof ChatError)) throw error
    if (error.code === 'retryable' && error.reason.startsWith('upload_')) {
      state.archive.failures++
      await save()
      if (state.archive.failures < MAX_UPLOAD_FAILURES) throw error
    } else if (error.code !== 'refused') throw error
    log.warn({ jobId, reason: error.reason }, 'archive upload failed, sending a link')
    return settle('link', `The chat rejected the file (${error.reason}).`)
  }
}

/** Recorded before it is sent; if the result is unknown, the file is looked up before it is sent again. */
async function postFileOnce(deps: Deps, chat: PostsFiles, bytes: Uint8Array): Promise<void> {
  const { archive, place, state, save, resetBackoff, jobId } = deps
  state.archive = { ...state.archive, lost: true }
  await save()
  try {
    await chat.postFile(place, { filename: archive.filename, bytes }, { jobId, part: 'archive' })
    resetBackoff()
  } catch (error) {
    if (error instanceof ChatError && error.code !== 'ambiguous') {
      state.archive = { ...state.archive, lost: false }
      await save()
    }
    throw error
  }
}

async function isFilePosted({ chat, place, archive, since, log, jobId }: Deps): Promise<boolean> {
  try {
    return (await chat.findFile(place, archive, since)) !== null
  } catch (error) {
    if (!(error instanceof ChatError) || error.code !== 'refused') throw error
    // A duplicate is better than no archive.
    log.warn({ jobId, reason: error.reason }, 'cannot check for an existing archive, sharing it')
    return false
  }
}

/** True once the file is visible in the thread, null when that cannot be determined. It may take a moment to appear. */
async function waitUntilShared(
  { place, shareCheckMs, signal }: Deps,
  chat: SharesFiles,
  fileId: string,
): Promise<boolean | null> {
  for (let look = 1; ; look++) {
    const seen = await chat.isShared(place, fileId)
    if (seen !== false || look === MAX_SHARE_CHECKS) return seen
    await sleep(shareCheckMs, undefined, { signal })
  }
}

async function readArchive({
  store,
  jobId,
  archive,
}: Deps): Promise<{ bytes: Uint8Array } | { problem: string }> {
  const stream = await store.openArchive(jobId)
  if (stream === null) return { problem: 'The archive has expired. Generate it again.' }
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer())
  if (createHash('sha256').update(bytes).digest('hex') === archive.sha256) return { bytes }
  return { problem: 'The stored archive is damaged. Generate it again.' }
}
