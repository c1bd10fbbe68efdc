import type { OpenAI } from 'openai'
import { z } from 'zod'
import type { Listing } from './model-status.ts'

/** The parts of `GET /models` that are read. Other servers omit `shutdown_date`; some send a time as well. */
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

/** Lists the models of a service. Throws the client's error, or when the response is not a list of models. */
export async function listModels(client: OpenAI, signal: AbortSignal): Promise<Listing> {
  // Parsed here, because the client relies on a content type that not every server sets.
  const response = await client.get('/models', { signal }).asResponse()
  const { data } = Models.parse(await response.json())
  return new Map(data.map(({ id, shutdown_date: endsOn }) => [id, endsOn ?? null]))
}
