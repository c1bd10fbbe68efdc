import type { JobView } from '#contract'
import { truncateLine } from '../reply.ts'
import { failureOf } from './failure.ts'
import { count } from './phrases.ts'

/** What became of the changes that were asked for while a job was running, for its result message. */
export function changeNotes(
  view: Pick<JobView, 'state' | 'version' | 'error' | 'ledger'>,
  changes: readonly { readonly prompt: string }[],
): string[] {
  if (changes.length === 0) return []
  const { state, version } = view
  const many = changes.length > 1
  const again = `Retry applies ${many ? 'them' : 'it'} afterwards.`
  switch (state) {
    case 'completed':
      return [
        `Next: version ${version + 1}, with ${many ? `your ${count(changes.length, 'change')}` : 'your change'}.`,
      ]
    case 'failed':
      return [
        `Not applied, because version ${version} failed: ${quoted(changes)}. ${failureOf(view).retry ? again : `Send ${many ? 'them' : 'it'} again once a version is ready.`}`,
      ]
    case 'cancelled':
      return [`Not applied, because version ${version} was cancelled: ${quoted(changes)}. ${again}`]
    case 'waiting':
    case 'active':
      return []
  }
}

const quoted = (changes: readonly { readonly prompt: string }[]) =>
  changes.map(({ prompt }) => `“${truncateLine(prompt, 80)}”`).join(', ')
