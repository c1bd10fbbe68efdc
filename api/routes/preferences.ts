import {
  PreferenceHolder,
  PreferencesRequest,
  PreferencesView,
  kindOfHolder,
  namesFor,
  type PreferenceName,
} from '#contract'
import { z } from 'zod'
import { RequestError } from '../http/errors.ts'
import { RESPONSE_TIMEOUT_MS, QUEUE_UNAVAILABLE, problems, type App, type RouteDeps } from './shared.ts'

const Params = z.object({
  holder: PreferenceHolder.describe(
    'Whose preferences: `channel:slack:TEAM:CHANNEL`, `workspace:slack:TEAM`, `person:slack:TEAM:USER`, ' +
      '`channel:discord:SERVER:CHANNEL`, `workspace:discord:SERVER` or `person:discord:USER`.',
  ),
})

const UNKNOWN_HOLDER = 'There is no such kind of channel, workspace or person.'

/** `GET /preferences/:holder` and `PATCH /preferences/:holder`: what applies to requests from a chat. */
export function preferencesRoutes(app: App, { jobs }: RouteDeps): void {
  app.route({
    method: 'GET',
    url: '/preferences/:holder',
    config: { access: 'bot' },
    handlerTimeout: RESPONSE_TIMEOUT_MS,
    schema: {
      operationId: 'getPreferences',
      summary: 'Get the preferences of a channel, a workspace or a person',
      description:
        'With what its jobs have cost in this month. Preferences apply to requests from chats, the nearest one first: an ' +
        'option of the request, the person, the channel, the server or workspace, the installation. Of limits the lowest counts.',
      tags: ['Preferences'],
      params: Params,
      response: {
        200: PreferencesView.describe('What is set. It may be empty.'),
        ...problems({ 404: UNKNOWN_HOLDER, 503: QUEUE_UNAVAILABLE }),
      },
    },
    handler: async (request) => jobs.preferences(request.params.holder),
  })

  app.route({
    method: 'PATCH',
    url: '/preferences/:holder',
    config: { access: 'bot' },
    handlerTimeout: RESPONSE_TIMEOUT_MS,
    schema: {
      operationId: 'changePreferences',
      summary: 'Change the preferences of a channel, a workspace or a person',
      description:
        'What is left out stays as it is, and null clears a preference. Doing it twice is the same as doing it once. ' +
        'Changes apply to jobs that are requested from then on. Whether a person may make them is for the sender to check.',
      tags: ['Preferences'],
      params: Params,
      body: PreferencesRequest.meta({
        examples: [
          { preferences: { plan: 'always', monthCostUsd: 50 }, by: 'slack:T1:U1' },
          { preferences: { houseRules: 'Every list is paged.\nMoney is stored in cents.' } },
        ],
      }),
      response: {
        200: PreferencesView.describe('What is set now.'),
        ...problems({
          400: 'The request is invalid; see `details`.',
          404: UNKNOWN_HOLDER,
          413: 'The body is too large.',
          415: 'The body is not JSON.',
          503: QUEUE_UNAVAILABLE,
        }),
      },
    },
    handler: async (request) => {
      const { holder } = request.params
      const { preferences, by } = request.body
      requireOwnNames(holder, Object.keys(preferences) as PreferenceName[])
      const { name } = request.caller
      const changed = await jobs.changePreferences(holder, preferences, by ?? (name && `key:${name}`))
      // House rules are what people wrote, which is not logged.
      request.log.info({ holder, by, names: Object.keys(preferences) }, 'preferences changed')
      return changed
    },
  })
}

/** People have other preferences than places. */
function requireOwnNames(holder: PreferenceHolder, names: readonly PreferenceName[]): void {
  const kind = kindOfHolder(holder)
  const allowed = namesFor(kind)
  const wrong = names.find((name) => !allowed.includes(name))
  if (wrong === undefined) return
  const message = `${wrong} cannot be set for a ${kind}; use ${allowed.join(', ')}.`
  throw new RequestError(400, 'preference_not_here', message, [{ path: `preferences.${wrong}`, message }])
}
