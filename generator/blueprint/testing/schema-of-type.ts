import type { FieldType } from '#contract'
import { z } from 'zod'

/** The JSON Schema of a type, independent of the tables of kinds that tests check with it. */
export function schemaOfType(type: FieldType): z.ZodType {
  switch (type.kind) {
    case 'string':
    case 'text':
      return z.string().max(type.maxLength ?? Infinity)
    case 'integer':
      return z
        .int()
        .min(type.min ?? -Infinity)
        .max(type.max ?? Infinity)
    case 'number':
      return z
        .number()
        .min(type.min ?? -Infinity)
        .max(type.max ?? Infinity)
    case 'boolean':
      return z.boolean()
    case 'date':
      return z.iso.date()
    case 'datetime':
      return z.iso.datetime({ offset: true })
    case 'email':
      return z.email()
    case 'url':
      return z.url({ protocol: /^https?$/ })
    case 'uuid':
      return z.uuid()
    case 'enum':
      return z.enum(type.values)
    case 'json':
      return z.json()
  }
}
