import { describeSchedule, policyOf, type Blueprint, type Entity, type Policy } from '#contract'

const RULES_OF_ONE_OPERATION = 5

/** The rules of a plan in sentences: who may do what, what is unique, what is deleted with what, what runs by itself. */
export function planRules(blueprint: Blueprint): string[] {
  const { auth, entities, operations, schedules, services } = blueprint
  return [
    signingIn(auth),
    ...(auth.kind === 'jwt' && auth.roles
      ? [`Roles: ${auth.roles.names.join(', ')}. New accounts are ${auth.roles.initial}.`]
      : []),
    ...(auth.kind === 'none' ? [] : entities.flatMap(accessRules)),
    ...entities.flatMap(uniqueRules),
    ...entities.flatMap(deletionRules),
    ...operations
      .filter(({ implementation, signIn }) => implementation === undefined && signIn === undefined)
      .flatMap(({ method, path, rules }) =>
        rules
          .slice(0, RULES_OF_ONE_OPERATION)
          .map((rule) => `${method} ${path.replaceAll('::', ':')}: ${rule}`),
      ),
    ...schedules.map(({ when, description }) => `${capitalise(describeSchedule(when))}: ${description}`),
    ...services.map(({ name, description }) => `Calls ${name}: ${description}`),
  ]
}

function signingIn(auth: Blueprint['auth']): string {
  switch (auth.kind) {
    case 'none':
      return 'Nobody signs in: everyone may use every route.'
    case 'jwt':
      return `People sign in. Accounts are rows of ${auth.account}.`
    case 'apiKey':
      return `Requests carry an API key in ${auth.header ?? 'X-API-Key'}.`
  }
}

function accessRules(entity: Entity): string[] {
  if (entity.operations.length === 0) return []
  const said = entity.operations.map((operation) => [whoOf(policyOf(entity, operation)), operation] as const)
  const groups = Map.groupBy(said, ([who]) => who)
  return [...groups].map(
    ([who, members]) =>
      `${entity.name}: ${who} may ${listOf(members.map(([, operation]) => operation))} ${members.length === 5 ? 'them' : 'rows'}.`,
  )
}

function whoOf(policy: Policy): string {
  switch (policy.who) {
    case 'public':
      return 'everyone'
    case 'authenticated':
      return 'everyone who is signed in'
    case 'owner':
      return policy.orRoles ? `the owner or ${listOf(policy.orRoles, 'or')}` : 'only the owner'
    case 'roles':
      return `only ${listOf(policy.roles, 'or')}`
  }
}

function uniqueRules({ name, fields, belongsTo, indexes = [] }: Entity): string[] {
  return [
    ...fields.filter(({ unique }) => unique).map((field) => `${name}.${field.name} is unique.`),
    ...belongsTo
      .filter(({ unique }) => unique)
      .map(({ target }) => `No two rows of ${name} have the same ${target}.`),
    ...indexes
      .filter(({ unique }) => unique)
      .map(({ properties, where }) =>
        where === undefined
          ? `${name}: ${listOf(properties)} together are unique.`
          : `${name}: ${listOf(properties)} together are unique in some rows.`,
      ),
  ]
}

function deletionRules({ name, belongsTo }: Entity): string[] {
  return belongsTo.map(({ target, onDelete }) => {
    switch (onDelete) {
      case 'cascade':
        return `Deleting a row of ${target} deletes its rows of ${name}.`
      case 'restrict':
        return `A row of ${target} that has rows of ${name} cannot be deleted.`
      case 'setNull':
        return `Deleting a row of ${target} keeps its rows of ${name}.`
    }
  })
}

const capitalise = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

const listOf = (words: readonly string[], and = 'and'): string =>
  words.length > 1 ? `${words.slice(0, -1).join(', ')} ${and} ${words.at(-1)}` : words.join('')
