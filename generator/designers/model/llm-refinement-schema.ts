import { z } from 'zod'
import { listOrNone } from './llm-helper-schema.ts'
import { LlmBlueprint } from './llm-schema.ts'

const {
  roles,
  apiKeyHeader,
  entities,
  manyToMany,
  operations,
  schedules,
  services,
  config,
  seeds,
  helpers,
  assumptions,
  notUnderstood,
} = LlmBlueprint.shape
const Rename = { from: z.string(), to: z.string() }

/**
 * Changes to a Blueprint, as a model returns them. What is left out stays: only what is listed as removed is lost,
 * whatever the model forgets to repeat.
 */
export const LlmRefinement = z.strictObject({
  name: z.string().nullable(),
  title: z.string().nullable(),
  description: z.string().nullable(),
  signingIn: z.enum(['asItIs', 'accounts', 'apiKeys', 'none']),
  accountEntity: z.string().nullable(),
  roles,
  apiKeyHeader,
  entities,
  manyToMany,
  operations,
  config,
  seeds,
  schedules,
  services,
  helpers,
  renamedEntities: z.array(z.strictObject(Rename)),
  renamedProperties: z.array(z.strictObject({ entity: z.string(), ...Rename })),
  removedEntities: z.array(z.string()),
  removedProperties: z.array(z.strictObject({ entity: z.string(), name: z.string() })),
  removedLinks: manyToMany,
  removedOperations: z.array(z.string()),
  removedConfig: z.array(z.string()),
  removedSeeds: z.array(z.string()),
  removedSchedules: z.array(z.string()),
  removedServices: z.array(z.string()),
  removedHelpers: listOrNone(z.string()),
  assumptions,
  notUnderstood,
})
export type LlmRefinement = z.infer<typeof LlmRefinement>
