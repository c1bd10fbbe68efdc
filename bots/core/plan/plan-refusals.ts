import { STAGES, type JobView } from '#contract'
import { ApiError } from '../../api-client.ts'
import { buttonsFor, makeReply, text, type Reply } from '../reply.ts'

/** Why a decision on this version was not taken; null for errors that are not about plans. Pure. */
export function refusalOf(error: unknown, view: JobView, version: number): Reply | null {
  if (!(error instanceof ApiError)) return null
  switch (error.code) {
    case 'no_plan':
    case 'plan_outdated':
      return nothingToDecide(view, version)
    // What was decided, or how often one may: the API knows, and says it in words for people.
    case 'plan_decided':
    case 'plan_limit':
      return makeReply([text(error.message)], error.code === 'plan_limit' ? [] : buttonsFor(view))
    case 'plan_expired':
      return makeReply([text(EXPIRED)])
    case 'job_finished':
      return makeReply([text('This job ended a moment ago, so its plan can no longer be decided on.')])
    default:
      return null
  }
}

const EXPIRED = 'Nobody decided on this plan in time, so I stopped. Press Retry to start again.'

/** Says why nothing waits for a decision. `version` is that of the button; null for those who say it in words. Pure. */
export const nothingToDecide = (view: JobView, version: number | null): Reply =>
  makeReply([text(whyNothing(view, version))], buttonsFor(view))

function whyNothing(view: JobView, version: number | null): string {
  const newest = view.needs?.plan.version
  if (newest !== undefined && version !== null && newest > version)
    return `This is plan ${version}, and plan ${newest} is newer. Decide on that one, further down in this thread.`
  switch (view.state) {
    case 'completed':
      return 'It’s built already. Press Refine to change it.'
    case 'cancelled':
      return 'This job was cancelled. Press Retry to start again.'
    case 'failed':
      return view.error?.code === 'plan_expired' ? EXPIRED : 'This job failed. Press Retry to start again.'
    case 'active':
      if (isBuilding(view)) return 'I’m building it already.'
  }
  return version === null ? 'There is no plan to decide on yet.' : 'This plan was decided already.'
}

const isBuilding = ({ stage }: JobView) => stage !== null && STAGES.indexOf(stage) > STAGES.indexOf('lint')
