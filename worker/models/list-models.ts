import type { OpenAI } from 'openai'
import { z } from 'zod'
import type { Listing } from './model-status.ts'

/** What is read of `GET /models`. Other servers leave out `shutdown_date`, and some send more than a day. */
const Models = z.object({
  data: z
    .array(
      z.object({
        id: z.string(),
        shutdown_date: z
          .string()
          .regex(/^\d{4}-\d{2}-\d{2}/)
          .transform((date) => date.slice(0, 10))
          .nullish()
          .catch(null),
      }),
    )
    .min(1),
})

/** Asks a service which models it serves. Throws what the client throws, or where the answer is no list of models. */
export async function listModels(client: OpenAI, signal: AbortSignal): Promise<Listing> {
  // Read here, since the client goes by a content type that not every server sets.
  const response = await client.get('/models', { signal }).asResponse()
  const { data } = Models.parse(await response.json())
  return new Map(data.map(({ id, shutdown_date: endsOn }) => [id, endsOn ?? null]))
}
