type JsonSchema = Record<string, unknown>

const json = (schema: JsonSchema) => ({ 'application/json': { schema } })

/** The requests that list, create, read, change and delete the rows of a schema. */
export function crudPaths(
  name: string,
  path: string,
  schema: JsonSchema,
): Record<string, Record<string, unknown>> {
  const properties = (schema['properties'] ?? {}) as Record<string, unknown>
  const key = Object.keys(properties).find((one) => /^_?(id|uuid)$/i.test(one)) ?? 'id'
  // Both are stated in full, so that what refers back to the schema is the same in both.
  const answered: JsonSchema = Object.hasOwn(properties, key)
    ? schema
    : {
        ...schema,
        required: [key, ...((schema['required'] as string[] | undefined) ?? [])],
        properties: { [key]: { type: 'string', format: 'uuid' }, ...properties },
      }
  // Who creates a row does not know its key.
  const sent = Object.hasOwn(properties, key) ? withoutKey(schema, key) : schema
  const keySchema = (properties[key] ?? { type: 'string', format: 'uuid' }) as JsonSchema
  const parameters = [{ name: key, in: 'path', required: true, schema: keySchema }]
  const body = { requestBody: { required: true, content: json(sent) } }
  const missing = { 404: { description: `There is no such ${name}.` } }
  const one = { 200: { description: 'The row.', content: json(answered) }, ...missing }
  return {
    [path]: {
      get: {
        summary: `List the rows of ${name}`,
        responses: { 200: { description: 'The rows.', content: json({ type: 'array', items: answered }) } },
      },
      post: {
        summary: `Create a ${name}`,
        ...body,
        responses: { 201: { description: 'The new row.', content: json(answered) } },
      },
    },
    [`${path}/{${key}}`]: {
      get: { summary: `Read a ${name}`, parameters, responses: one },
      put: { summary: `Replace a ${name}`, parameters, ...body, responses: one },
      delete: {
        summary: `Delete a ${name}`,
        parameters,
        responses: { 204: { description: 'Deleted.' }, ...missing },
      },
    },
  }
}

function withoutKey(schema: JsonSchema, key: string): JsonSchema {
  const { [key]: _, ...properties } = (schema['properties'] ?? {}) as Record<string, unknown>
  const required = ((schema['required'] as unknown[] | undefined) ?? []).filter((name) => name !== key)
  const { required: _before, ...rest } = schema
  return { ...rest, ...(required.length > 0 && { required }), properties }
}
