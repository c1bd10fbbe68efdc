import { setTimeout as sleep } from 'node:timers/promises'
import {
  DiscordAPIError,
  HTTPError,
  RESTJSONErrorCodes,
  Routes,
  type APIInteractionResponse,
  type REST,
} from 'discord.js'
import { LIMITS } from './limits.ts'

/** Between two attempts, in milliseconds. */
const RETRY_MS = 100

/**
 * Sends the initial response to an interaction and retries when the outcome is unknown. Rethrows the client's error if
 * Discord did not accept it, so that no work starts whose result could not be shown.
 */
export async function acknowledge(
  rest: REST,
  interaction: { readonly id: string; readonly token: string },
  body: APIInteractionResponse,
): Promise<void> {
  const deadline = performance.now() + LIMITS.interaction.answerMs
  for (;;) {
    try {
      await rest.post(Routes.interactionCallback(interaction.id, interaction.token), { body, auth: false })
      return
    } catch (error) {
      // An earlier attempt got through; only its response was lost.
      if (hasCode(error, RESTJSONErrorCodes.InteractionHasAlreadyBeenAcknowledged)) return
      if (error instanceof DiscordAPIError || performance.now() > deadline) throw error
      if (error instanceof HTTPError && error.status < 500) throw error
      await sleep(RETRY_MS)
    }
  }
}

const hasCode = (error: unknown, code: number) => error instanceof DiscordAPIError && error.code === code
