import { z } from 'zod'

/** Appends the schema to the instructions, for servers that do not enforce it. Deterministic for each schema. */
export function appendSchema(instructions: string, schema: z.ZodType): string {
  const { $schema: _, ...shape } = z.toJSONSchema(schema)
  return `${instructions}

Answer with one JSON object and nothing else: no explanation before or after it, no Markdown. It must fit this JSON Schema, with every property present:
${JSON.stringify(shape)}`
}
