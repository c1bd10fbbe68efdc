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
import type { State } from './state.ts'

/** How often is looked whether a file has appeared, and how often sending its bytes may fail. */
const LOOKS = 5
const MAX_UPLOAD_FAILURES = 5

type Deps = {
  jobId: JobId
  archive: ArchiveInfo
  /** In bytes; a larger one goes as a link. */
  uploadLimit: number
  chat: Chat
  place: Destination
  /** No message of the job is older. */
  since: Date
  state: State
  save(): Promise<void>
  reached(): void
  store: Pick<JobStore, 'openArchive'>
  /** Gives a link that opens without a key. Null: nobody said where people reach the API. */
  linkTo: LinkTo | null
  /** The pause between two looks, in milliseconds. */
  lookMs: number
  signal: AbortSignal
  log: Logger
}

/**
 * Hands the archive over: as a file in the thread, or else as a link. A file counts only when it is seen in the thread;
 * one that is not is taken away again, so that there is never a second one. Throws `ChatError`.
 */
export async function handOver(deps: Deps): Promise<SummaryArchive> {
  const { archive, state } = deps
  if (state.archive.by === null) await decide(deps)
  const file = { filename: archive.filename, facts: archiveFacts(archive) }
  const { by, why } = state.archive
  const path = `/jobs/${deps.jobId}/archive`
  switch (by) {
    case 'upload':
      return { ...file, at: 'thread' }
    case 'link': {
      if (deps.linkTo === null) return { ...file, at: 'api', path, why }
      const { url, until } = deps.linkTo(path)
      return { ...file, at: 'link', url, why: `${why} The link opens until ${dayOf(until)}.` }
    }
    case 'none':
    case null:
      return { ...file, at: 'nowhere', why }
  }
}

/** 1 December 2026, at Greenwich. */
const dayOf = (date: Date) => date.toLocaleDateString('en-GB', { dateStyle: 'long', timeZone: 'UTC' })

async function decide(deps: Deps): Promise<void> {
  const { archive, chat, place, state, save, reached, log, jobId } = deps
  const settle = (by: 'upload' | 'link' | 'none', why: string) => {
    state.archive = { ...state.archive, by, why }
    return save()
  }

  if (state.archive.lost) {
    if (await isThere(deps)) return settle('upload', '')
    // The chat answers, and yet the file does not get there: something on the way does not let it through.
    if (chat.files === 'posted' && ++state.archive.failures >= MAX_UPLOAD_FAILURES)
      return settle('link', 'The chat did not take the file.')
  }

  // An earlier turn ended between the upload and its confirmation.
  const { fileId } = state.archive
  if (fileId !== null && chat.files === 'shared') {
    if ((await appears(deps, chat, fileId)) === true) return settle('upload', '')
    await chat.discard(fileId)
    state.archive = { ...state.archive, fileId: null }
    await save()
  }

  if (archive.bytes > deps.uploadLimit) return settle('link', 'It is too large to be uploaded here.')
  const read = await readArchive(deps)
  if ('problem' in read) {
    log.error({ jobId }, `the archive is not handed over: ${read.problem}`)
    return settle('none', read.problem)
  }
  try {
    if (chat.files === 'posted') {
      await postOnce(deps, chat, read.bytes)
      return await settle('upload', '')
    }
    const uploaded = await chat.upload({ filename: archive.filename, bytes: read.bytes })
    reached()
    state.archive = { ...state.archive, fileId: uploaded }
    await save()
    await chat.share(place, uploaded, archive.filename)
    if ((await appears(deps, chat, uploaded)) !== false) return settle('upload', '')
    await chat.discard(uploaded)
    return await settle('link', 'The chat accepted the file but did not show it.')
  } catch (error) {
    if (!(error instanceof ChatError)) throw error
    if (error.code === 'retryable' && error.reason.startsWith('upload_')) {
      state.archive.failures++
      await save()
      if (state.archive.failures < MAX_UPLOAD_FAILURES) throw error
    } else if (error.code !== 'refused') throw error
    log.warn({ jobId, reason: error.reason }, 'an archive could not be uploaded; giving a link')
    return settle('link', `The chat did not take the file (${error.reason}).`)
  }
}

/** Noted before it is sent: when nobody knows what became of it, it is looked for before it is sent again. */
async function postOnce(deps: Deps, chat: PostsFiles, bytes: Uint8Array): Promise<void> {
  const { archive, place, state, save, reached, jobId } = deps
  state.archive = { ...state.archive, lost: true }
  await save()
  try {
    await chat.postFile(place, { filename: archive.filename, bytes }, { jobId, part: 'archive' })
    reached()
  } catch (error) {
    if (error instanceof ChatError && error.code !== 'ambiguous') {
      state.archive = { ...state.archive, lost: false }
      await save()
    }
    throw error
  }
}

async function isThere({ chat, place, archive, since, log, jobId }: Deps): Promise<boolean> {
  try {
    return (await chat.findFile(place, archive, since)) !== null
  } catch (error) {
    if (!(error instanceof ChatError) || error.code !== 'refused') throw error
    // Rather twice than never.
    log.warn({ jobId, reason: error.reason }, 'could not look whether an archive was shared; sharing it')
    return false
  }
}

/** True when the file is seen in the thread, null when nobody can tell. It may take a moment to appear. */
async function appears(
  { place, lookMs, signal }: Deps,
  chat: SharesFiles,
  fileId: string,
): Promise<boolean | null> {
  for (let look = 1; ; look++) {
    const seen = await chat.isShared(place, fileId)
    if (seen !== false || look === LOOKS) return seen
    await sleep(lookMs, undefined, { signal })
  }
}

async function readArchive({
  store,
  jobId,
  archive,
}: Deps): Promise<{ bytes: Uint8Array } | { problem: string }> {
  const stream = await store.openArchive(jobId)
  if (stream === null) return { problem: 'It is no longer kept. Generate it again.' }
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer())
  if (createHash('sha256').update(bytes).digest('hex') === archive.sha256) return { bytes }
  return { problem: 'What is kept of it is damaged. Generate it again.' }
}
