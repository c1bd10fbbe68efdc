import { setTimeout as sleep } from 'node:timers/promises'
import type { ArchiveInfo } from '#contract'
import { ChatError, type SharesFiles } from '../../bots/core/chat.ts'
import {
  findFile,
  MAX_UPLOAD_FAILURES,
  NOT_TAKEN,
  settle,
  settleUpload,
  type ResultDeps,
} from './result-deps.ts'

/** Checks for a shared file. */
const MAX_SHARE_CHECKS = 5
/** After so many lost answers, the platform may fail over the layout without saying so: only the text is shared. */
const LOST_WITH_LAYOUT = 2

/**
 * Uploads the archive and shares it with the result as its message. It counts only once the file is visible in the thread;
 * otherwise it is deleted, so that there is never a second one.
 */
export async function shareResult(
  deps: ResultDeps,
  chat: SharesFiles<unknown>,
  archive: ArchiveInfo,
  file: { filename: string; bytes: Uint8Array },
): Promise<void> {
  const { state, save, resetBackoff } = deps
  const versions = deps.chat.render(deps.resultWith({ filename: file.filename, at: 'message' }))
  const last = versions.length - 1

  // An earlier turn ended between the upload and its confirmation.
  const { fileId: known } = state.archive
  if (known !== null) {
    const seen = await waitUntilShared(deps, chat, known)
    if (seen === true || (seen === null && (await findFile(deps, archive)) !== null))
      return uploaded(deps, known, last)
    await chat.discard(known)
    const failures = state.archive.failures + 1
    const version = failures >= LOST_WITH_LAYOUT ? last : state.archive.version
    state.archive = { ...state.archive, fileId: null, failures, version }
    await save()
    if (failures >= MAX_UPLOAD_FAILURES) return settle(deps, 'link', NOT_TAKEN)
  }

  const fileId = await upload(deps, chat, file)
  if (fileId === null) return settle(deps, 'link', NOT_TAKEN)
  resetBackoff()
  state.archive = { ...state.archive, fileId, withResult: true }
  await save()
  for (;;) {
    const version = Math.min(Math.max(state.version, state.archive.version), last)
    try {
      await chat.share(deps.place, { fileId, title: file.filename, message: versions[version] })
      break
    } catch (error) {
      if (!isLayoutRefused(error) || version === last) throw error
      deps.log.warn(
        { jobId: deps.jobId, reason: error.reason },
        'layout rejected with a file, using a simpler one',
      )
      state.archive = { ...state.archive, version: version + 1 }
      await save()
    }
  }
  if ((await waitUntilShared(deps, chat, fileId)) !== false) return uploaded(deps, fileId, last)
  await chat.discard(fileId)
  return settle(deps, 'link', NOT_TAKEN)
}

/** The simplest rendering is text alone, so the card has the buttons. */
function uploaded(deps: ResultDeps, fileId: string, last: number): Promise<void> {
  const { state } = deps
  const { withResult, version } = state.archive
  state.hasBareResult = withResult && Math.max(state.version, version) >= last
  return settleUpload(deps, withResult ? fileId : null)
}

const isLayoutRefused = (error: unknown): error is ChatError =>
  error instanceof ChatError &&
  (error.code === 'invalid_blocks' || (error.code === 'refused' && error.reason === 'invalid_arguments'))

/** Null when it has failed too often. */
async function upload(
  { state, save }: ResultDeps,
  chat: SharesFiles<unknown>,
  file: { filename: string; bytes: Uint8Array },
): Promise<string | null> {
  try {
    return await chat.upload(file)
  } catch (error) {
    if (!(error instanceof ChatError) || error.code !== 'retryable' || !error.reason.startsWith('upload_'))
      throw error
    state.archive.failures++
    await save()
    if (state.archive.failures < MAX_UPLOAD_FAILURES) throw error
    return null
  }
}

/** True once the file is visible in the thread, null when that cannot be determined. It may take a moment to appear. */
async function waitUntilShared(
  { place, shareCheckMs, signal }: ResultDeps,
  chat: SharesFiles<unknown>,
  fileId: string,
): Promise<boolean | null> {
  for (let look = 1; ; look++) {
    const seen = await chat.isShared(place, fileId)
    if (seen !== false || look === MAX_SHARE_CHECKS) return seen
    await sleep(shareCheckMs, undefined, { signal })
  }
}
