import { setTimeout as sleep } from 'node:timers/promises'
import { HTTPReceiver, SocketModeReceiver, type Authorize, type InstallationStore } from '@slack/bolt'
import { WebClient, type WebClientOptions } from '@slack/web-api'
import type { Logger } from '#lib/log'
import type { ApiClient } from '../api-client.ts'
import type { SlackConfig } from './config.ts'
import { SLACK_COMMANDS } from './command-examples.ts'
import { makeJobCommands } from '../core/job-commands.ts'
import { makeSlackApp } from './app.ts'
import { makeBoltLog } from './bolt-log.ts'
import { retryWithBackoff } from '../core/retry-with-backoff.ts'
import { maintainSocket, readIdentity } from './connect.ts'
import { makeSlackInbound } from './inbound.ts'
import { errorSummary } from './error-summary.ts'
import { openInstallations } from './store/installations.ts'
import { slackManifest } from './manifest.ts'
import { slackDisplayNames } from './admins.ts'
import { manyWorkspaces, oneWorkspace, toInstallationStore, type Workspaces } from './workspaces.ts'

/** Timeouts for one call to Slack, and for running handlers at shutdown, in milliseconds. */
const REQUEST_TIMEOUT_MS = 10_000
const SHUTDOWN_GRACE_MS = 5_000
/** The path of the events endpoint, in HTTP mode. */
const ENDPOINT = '/slack/events'
/** The installation path, for many workspaces. */
const INSTALL_PATH = '/slack/install'

export type RunningSlack = AsyncDisposable & {
  /** Resolves on the first connection with a display name and the address; rejects if it is stopped before that. */
  readonly ready: Promise<{ readonly name: string; readonly address: string | null }>
}

type OpenedWorkspaces = {
  readonly workspaces: Workspaces
  /** Display name of all of them. */
  readonly name: string
  /** For a single workspace; with an installer, Bolt uses the installer instead. */
  readonly authorize?: Authorize<boolean>
  readonly installer?: object
}

/**
 * Receives Slack events in the background. Connection failures are retried and never affect other parts. Disposing stops
 * receiving, waits for running handlers, and closes the connection.
 */
export function startSlack(deps: {
  readonly config: SlackConfig
  readonly api: ApiClient
  readonly log: Logger
  /** The first delay after a failed connection, in milliseconds; 1,000 by default. */
  readonly firstPauseMs?: number
}): RunningSlack {
  const { config, api, log, firstPauseMs } = deps
  const stopping = new AbortController()
  const { signal } = stopping
  const ready = Promise.withResolvers<Awaited<RunningSlack['ready']>>()
  ready.promise.catch(() => {})
  const options: WebClientOptions = {
    slackApiUrl: config.apiUrl,
    logger: makeBoltLog(log),
    timeout: REQUEST_TIMEOUT_MS,
    retryConfig: { retries: 1, minTimeout: 300, randomize: true },
    // A user is waiting: try another channel instead of waiting a minute.
    rejectRateLimitedCalls: true,
  }
  const clientOf = (token: string) => new WebClient(token, options)
  const jobCommands = makeJobCommands({
    api,
    displayNames: slackDisplayNames(config),
    examples: SLACK_COMMANDS,
    planMode: config.plan,
    sleep,
  })
  const pauses = firstPauseMs === undefined ? {} : { firstPauseMs }

  async function open(): Promise<OpenedWorkspaces> {
    const where = config.workspaces
    const shared = { config, jobCommands, log }
    switch (where.kind) {
      case 'one': {
        const { botToken } = where
        const web = clientOf(botToken)
        const identity = await retryWithBackoff(
          { log, signal, what: 'Slack: signing in', errorSummary: errorSummary, ...pauses },
          () => readIdentity(web),
        )
        const context = makeSlackInbound({ ...shared, web, botToken, identity })
        const { userId: botUserId, botId } = identity
        // Bolt mutates the result.
        const authorize: Authorize<boolean> = async () => ({
          botToken,
          botUserId,
          ...(botId !== null && { botId }),
        })
        return { workspaces: oneWorkspace(context), name: `workspace ${identity.workspace}`, authorize }
      }
      case 'many': {
        const installations = openInstallations(where.store)
        const { renewed, unreadable } = await installations.renew()
        if (renewed > 0) log.info({ renewed }, 'Slack: re-encrypted installations with the new key')
        for (const { message } of unreadable) log.error(`Slack: ${message}`)
        const count = (await installations.teamIds()).length
        return {
          workspaces: manyWorkspaces({
            installations,
            log,
            open: ({ botToken, ...installed }) =>
              makeSlackInbound({
                ...shared,
                web: clientOf(botToken),
                botToken,
                identity: { ...installed, userId: installed.botUserId },
              }),
          }),
          name: `${count} ${count === 1 ? 'workspace' : 'workspaces'}, installed at ${INSTALL_PATH}`,
          installer: installerOf(where, toInstallationStore(installations, where.allowedTeams)),
        }
      }
    }
  }

  function installerOf(
    { clientId, clientSecret, stateSecret }: Extract<SlackConfig['workspaces'], { kind: 'many' }>,
    installationStore: InstallationStore,
  ) {
    const { scopes } = slackManifest({ adminGroups: config.adminGroups.length > 0 }).oauth_config
    return {
      clientId,
      clientSecret,
      stateSecret,
      installationStore,
      scopes: scopes.bot,
      // Redirects directly to Slack's own page.
      installerOptions: { directInstall: true, installPath: INSTALL_PATH, clientOptions: options },
    }
  }

  async function run(): Promise<void> {
    const { name, installer, ...serving } = await open()
    const { receive } = config
    switch (receive.mode) {
      case 'socket': {
        const receiver = new SocketModeReceiver({
          appToken: receive.appToken,
          logger: makeBoltLog(log),
          autoReconnectEnabled: false,
          installerOptions: { clientOptions: { ...options, retryConfig: { retries: 0 } } },
        })
        const { idle } = makeSlackApp({ receiver, ...serving, log })
        const onConnected = () => ready.resolve({ name, address: null })
        await maintainSocket({ receiver, log, signal, onConnected, ...pauses })
        await waitForIdle(idle())
        return
      }
      case 'http': {
        const receiver = new HTTPReceiver({
          signingSecret: receive.signingSecret,
          endpoints: ENDPOINT,
          logger: makeBoltLog(log),
          ...installer,
        })
        const { idle } = makeSlackApp({ receiver, ...serving, log })
        const { host, port } = receive
        const server = await retryWithBackoff(
          { log, signal, what: `Slack: listening on ${host}:${port}`, errorSummary: errorSummary, ...pauses },
          () => receiver.start({ host, port }),
        )
        const bound = server.address()
        const address = `http://${host}:${typeof bound === 'object' ? bound?.port : port}${ENDPOINT}`
        log.info({ address }, 'Slack: listening')
        ready.resolve({ name, address })
        if (!signal.aborted)
          await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
        const closed = receiver.stop()
        await waitForIdle(idle())
        server.closeAllConnections()
        await closed
      }
    }
  }

  const running = run().catch((error: unknown) => {
    ready.reject(error)
    if (!signal.aborted) log.error({ err: error }, 'Slack: stopped by an unexpected error')
  })

  return {
    ready: ready.promise,
    async [Symbol.asyncDispose]() {
      stopping.abort(new Error('Slack is being stopped'))
      await running
    },
  }
}

/** Waits for running handlers, up to the grace period. */
async function waitForIdle(work: Promise<void>): Promise<void> {
  await Promise.race([work, sleep(SHUTDOWN_GRACE_MS, undefined, { ref: false })])
}
