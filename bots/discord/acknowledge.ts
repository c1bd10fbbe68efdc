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

/** Between two tries, in milliseconds. */
const PAUSE_MS = 100

/**
 * Gives the first answer to an interaction, again where it is not known what became of it. Resolves once Discord has it;
 * throws what the client throws when it has not, so that nothing is done that nobody hears of.
 */
export async function acknowledge(
  rest: REST,
  interaction: { readonly id: string; readonly token: string },
  body: APIInteractionResponse,
): Promise<void> {
  const until = performance.now() + LIMITS.interaction.answerMs
  for (;;) {
    try {
      await rest.post(Routes.interactionCallback(interaction.id, interaction.token), { body, auth: false })
      return
    } catch (error) {
      // An earlier try arrived, and only the answer to that was lost.
      if (isRefusal(error, RESTJSONErrorCodes.InteractionHasAlreadyBeenAcknowledged)) return
      if (error instanceof DiscordAPIError || performance.now() > until) throw error
      if (error instanceof HTTPError && error.status < 500) throw error
      await sleep(PAUSE_MS)
    }
  }
}

const isRefusal = (error: unknown, code: number) => error instanceof DiscordAPIError && error.code === code
