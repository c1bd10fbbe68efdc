import { z } from 'zod'
import { PropertyName, RowName } from './names.ts'

/** What an operation does without code of its own: rows, registration, sign-in. */

const PascalName = z.string().regex(/^[A-Z][a-zA-Z0-9]{0,59}$/)

/**
 * CRUD at a custom path and in a custom format. The body, or its part at `bodyAt`, has the properties of the row by name;
 * anything else is accepted and ignored.
 */
export const CrudBinding = z.strictObject({
  kind: z.literal('crud'),
  entity: PascalName,
  /** `update` changes the given properties; `replace` also clears omitted ones. */
  action: z.enum(['list', 'create', 'read', 'update', 'replace', 'delete']),
  /**
   * Where the request identifies the row, and by which property: the key or a unique field. Null for `list`, and for `create`
   * unless the body may contain the key.
   */
  row: z.strictObject({ in: z.enum(['path', 'body']), name: PropertyName, property: RowName }).nullable(),
  /** Path parameters with a property of the row: `storeId` in `/stores/:storeId/orders`. */
  scope: z.array(z.strictObject({ param: PropertyName, property: RowName })).max(5),
  bodyAt: z.array(PropertyName).max(2),
  /** Properties of the body that have another name than those of the row: `FriendlyName` and `friendly_name`. */
  renamed: z
    .array(z.strictObject({ name: PropertyName, property: RowName }))
    .min(1)
    .max(120)
    .optional(),
  /**
   * The property of a row with the account that it belongs to. A new row gets that of the caller; all other actions find
   * the rows of the caller only.
   */
  owner: RowName.optional(),
  /** Meaning of the query parameters of a list. Others are accepted and ignored. */
  query: z
    .array(
      z.discriminatedUnion('means', [
        z.strictObject({ name: PropertyName, means: z.literal('equals'), property: RowName }),
        z.strictObject({ name: PropertyName, means: z.enum(['limit', 'offset', 'page']) }),
      ]),
    )
    .max(30),
  /** Layout of the response JSON; an empty path is the whole response. */
  answer: z
    .array(
      z.strictObject({
        at: z.array(PropertyName).max(3),
        holds: z.enum(['row', 'rows', 'total', 'count', 'limit', 'offset', 'page', 'pages', 'more']),
      }),
    )
    .max(12),
})
export type CrudBinding = z.infer<typeof CrudBinding>

/** The property of a row that a property of the body sets. */
export const rowPropertyOf = ({ renamed }: Pick<CrudBinding, 'renamed'>, name: string): string =>
  renamed?.find((one) => one.name === name)?.property ?? name

/** Registration or sign-in with a password, where an API has them at routes of its own. */
export const SignInBinding = z.strictObject({
  action: z.enum(['register', 'signIn']),
  bodyAt: z.array(PropertyName).max(2),
  /** The property of the body with the password. */
  password: PropertyName,
  /** The properties of the body that are those of the account: what it is registered with, or signs in with. */
  values: z.array(RowName).min(1).max(40),
  /** Layout of the response JSON; an empty path is the whole response. */
  answer: z
    .array(
      z.discriminatedUnion('holds', [
        z.strictObject({ at: z.array(PropertyName).max(3), holds: z.enum(['token', 'account', 'null']) }),
        z.strictObject({ at: z.array(PropertyName).max(3), holds: z.literal('property'), property: RowName }),
        z.strictObject({
          at: z.array(PropertyName).max(3),
          holds: z.literal('text'),
          text: z.string().max(80),
        }),
      ]),
    )
    .max(40),
})
export type SignInBinding = z.infer<typeof SignInBinding>
