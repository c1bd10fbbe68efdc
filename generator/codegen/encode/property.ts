import { IDENTIFIER } from '#contract'
import { toCamel } from '../../blueprint/words.ts'
import { stringLiteral } from './typescript.ts'

/** Names in code of properties that may have any name in JSON. */

/** `.name` or `["first name"]`. */
export const access = (name: string): string =>
  IDENTIFIER.test(name) ? `.${name}` : `[${stringLiteral(name)}]`

/** `?.name` or `?.["first name"]`. */
export const optionalAccess = (name: string): string =>
  IDENTIFIER.test(name) ? `?.${name}` : `?.[${stringLiteral(name)}]`

/** In an object or a type: `name` or `"first name"`. */
export const propertyKey = (name: string): string => (IDENTIFIER.test(name) ? name : stringLiteral(name))

/** A variable with the value of a property. */
export const variableOf = (name: string): string =>
  IDENTIFIER.test(name) ? name : (toCamel(name) ?? 'value')

/** A property and its variable, in an object or where one is taken apart: `name` or `"first name": firstName`. */
export const bound = (name: string): string =>
  IDENTIFIER.test(name) ? name : `${propertyKey(name)}: ${variableOf(name)}`
