import { Operation } from '#contract'
import { camelCase } from '../../../codegen/names.ts'
import type { Guard } from '../guard.ts'
import type { ProjectModel } from '../model.ts'
import { hasCreate, hasPatch, type Resource } from '../resource.ts'
import { credentialText, usualCredential } from './credential.ts'
import { linkGuards } from './routes/link-routes.ts'
import { roleBehind } from './resource-tests/writer.ts'

/** In `requests.http`: who sends a request, as the role of an account; empty for the first one, with the role of new accounts. */
export function senderOf({ roles }: ProjectModel, guards: readonly Guard[]): string {
  const role = roleBehind(guards, roles)
  return role === roles[0] ? '' : role
}

/** A row is changed by the account that created it; one from the seeds by a role that needs not own it. */
export function resourceSender(model: ProjectModel, resource: Resource, operation: Operation): string {
  const { policies, isAccount } = resource
  const guard = policies[operation]
  if (isAccount || guard.scope === undefined) return senderOf(model, [guard])
  if (hasCreate(resource)) return senderOf(model, [policies.create])
  return guard.beyond[0] ?? senderOf(model, [guard])
}

export const signInName = (role: string): string => (role === '' ? 'login' : camelCase(`login as ${role}`))

/** The headers of a request from this sender. */
export function authorization(model: ProjectModel, role: string): string[] {
  if (model.auth === 'none') return []
  // A credential in the query is part of the URL.
  if (usualCredential(model).in === 'query') return [`# ${credentialText(model, '…')}`]
  if (model.auth === 'apiKey') return [credentialText(model, '{{apiKey}}')]
  const token = model.hasAuthRoutes ? `{{${signInName(role)}.response.body.token}}` : ownToken(model)
  return [credentialText(model, token)]
}

/** The request that signs in at a route of the API's own, and where its token is. */
export const ownSignIn = ({ customs }: ProjectModel) =>
  customs.find(
    ({ operation: { signIn } }) =>
      signIn?.action === 'signIn' && signIn.answer.some(({ holds }) => holds === 'token'),
  )

function ownToken(model: ProjectModel): string {
  const custom = ownSignIn(model)
  const place = custom?.operation.signIn?.answer.find(({ holds }) => holds === 'token')
  return custom && place ? `{{${['signIn', 'response', 'body', ...place.at].join('.')}}}` : '{{token}}'
}

/** The roles, other than that of new accounts, that some request needs. */
export function usedRoles(model: ProjectModel): string[] {
  const senders = new Set([
    ...model.resources.flatMap((resource) =>
      Operation.options
        .filter((operation) =>
          operation === 'create'
            ? hasCreate(resource)
            : resource.operations.has(operation) || (operation === 'update' && hasPatch(resource)),
        )
        .map((operation) => resourceSender(model, resource, operation)),
    ),
    ...model.links.flatMap(({ left, right }) => [
      senderOf(model, linkGuards(left, right)),
      senderOf(model, [left.policies.read, right.policies.read]),
    ]),
    ...model.customs.map(({ guard }) => senderOf(model, [guard])),
  ])
  return model.roles.filter((role) => senders.has(role))
}
