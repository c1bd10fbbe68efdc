import { Operation } from '#contract'
import { camelCase } from '../../../codegen/names.ts'
import type { Guard } from '../guard.ts'
import type { ProjectModel } from '../model.ts'
import { hasCreate, hasPatch, type Resource } from '../resource.ts'
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
  if (model.account) return [`Authorization: Bearer {{${signInName(role)}.response.body.token}}`]
  return model.auth === 'apiKey' ? [`${model.keyHeader}: {{apiKey}}`] : []
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
