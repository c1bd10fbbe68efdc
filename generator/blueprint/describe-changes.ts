import {
  relationProperty,
  describeSchedule,
  type Blueprint,
  type Changes,
  type Entity,
  type Field,
} from '#contract'
import { routesOf } from './routes-of.ts'
import { diffOf, type Diff } from './diff.ts'
import { entityBefore, propertyBefore, withRenames, type Renames } from './renames.ts'

type ReportedChanges = Pick<Changes, 'entities' | 'fields' | 'routes' | 'other'>
type Lines = { added: string[]; changed: string[]; removed: string[] }

const noLines = (): Lines => ({ added: [], changed: [], removed: [] })
const none: Diff = { kind: 'same' }

/** Describes every difference between two versions in plain words. */
export function describeChanges(before: Blueprint, after: Blueprint, renames: Renames): ReportedChanges {
  const present = withRenames(before, renames)
  const diff = diffOf(present, after)
  const said = {
    entities: noLines(),
    fields: noLines(),
    routes: routeLines(before, after),
    other: [] as string[],
  }
  describeEntities(present, after, renames, diff, said)
  describeOperations(present, after, partOf(diff, 'operations'), said.routes)
  describeLinks(partOf(diff, 'manyToMany'), said.other)
  describeSchedules(present, after, partOf(diff, 'schedules'), said.other)
  describeServices(present, after, partOf(diff, 'services'), said.other)
  describeHelpers(present, after, partOf(diff, 'helpers'), said.other)
  describeConfig(after, partOf(diff, 'config'), said.other)
  describeSeeds(after, partOf(diff, 'seeds'), said.other)
  if (diff.kind === 'changed')
    for (const [name, change] of diff.set)
      if (
        ![
          'entities',
          'operations',
          'manyToMany',
          'schedules',
          'services',
          'helpers',
          'config',
          'seeds',
        ].includes(name)
      )
        said.other.push(name === 'auth' ? signingIn(after) : `${name} ${wordOf(change)}`)
  // A different order only affects how documents read.
  const isSilent = [said.entities, said.fields, said.routes].every(
    ({ added, changed, removed }) => added.length + changed.length + removed.length === 0,
  )
  if (diff.kind !== 'same' && isSilent && said.other.length === 0) said.other.push('the order of items')
  return said
}

function describeEntities(
  present: Blueprint,
  after: Blueprint,
  renames: Renames,
  diff: Diff,
  said: ReportedChanges,
): void {
  const entities = partOf(diff, 'entities')
  for (const name of removedOf(entities)) said.entities.removed.push(name)
  for (const entity of after.entities) {
    const was = present.entities.find(({ name }) => name === entity.name)
    if (!was) {
      said.entities.added.push(`${entity.name}: ${namesOf(entity).join(', ') || 'no fields'}`)
      continue
    }
    const old = entityBefore(renames, entity.name)
    const change = partOf(entities, entity.name)
    const own = change.kind === 'changed' ? [...change.set.keys(), ...change.removed] : []
    const rest = own.filter((key) => key !== 'fields' && key !== 'belongsTo')
    const what = [
      ...(old === entity.name ? [] : [`was ${old}`]),
      ...(rest.length > 0 ? [`other ${rest.join(', ')}`] : []),
    ]
    if (what.length > 0) said.entities.changed.push(`${entity.name}: ${what.join('; ')}`)
    describeProperties({ was, entity, renames, change }, said.fields)
  }
}

function describeProperties(
  { was, entity, renames, change }: { was: Entity; entity: Entity; renames: Renames; change: Diff },
  lines: ReportedChanges['fields'],
): void {
  const [fields, relations] = [partOf(change, 'fields'), partOf(change, 'belongsTo')]
  for (const name of removedOf(fields)) lines.removed.push(`${entity.name}.${name}`)
  for (const name of removedOf(relations)) {
    const relation = was.belongsTo.find((one) => one.name === name)
    lines.removed.push(`${entity.name}.${relation ? relationProperty(relation) : name}`)
  }
  const known = new Set([...was.fields, ...was.belongsTo].map(({ name }) => name))
  const tell = (own: string, property: string, part: Diff, words: string) => {
    const old = propertyBefore(renames, entity.name, own)
    const said = `${entity.name}.${property}`
    if (!known.has(own)) lines.added.push(`${said} (${words})`)
    else if (part.kind !== 'same' || old !== own) {
      const keys = part.kind === 'changed' ? [...part.set.keys(), ...part.removed] : []
      const what = [
        ...(old === own ? [] : [`was ${old}`]),
        ...(keys.length > 0 ? [`${keys.join(', ')} (now ${words})`] : []),
      ]
      lines.changed.push(`${said}: ${what.join('; ') || words}`)
    }
  }
  for (const field of entity.fields)
    tell(field.name, field.name, partOf(fields, field.name), wordsOfField(field))
  for (const relation of entity.belongsTo)
    tell(
      relation.name,
      relationProperty(relation),
      partOf(relations, relation.name),
      `${relation.target}, ${relation.required ? 'required' : 'optional'}${relation.unique ? ', unique' : ''}`,
    )
}

function wordsOfField({ type, required, unique, default: value, setBy }: Field): string {
  const kind = type.kind === 'enum' ? type.values.join(' | ') : type.kind
  return [
    kind,
    required ? 'required' : 'optional',
    ...(unique ? ['unique'] : []),
    ...(value === undefined ? [] : [`${JSON.stringify(value)} by default`]),
    ...(setBy === undefined ? [] : [`set by ${setBy.join(' or ')} only`]),
  ].join(', ')
}

function routeLines(before: Blueprint, after: Blueprint): Lines {
  const list = (blueprint: Blueprint) => routesOf(blueprint).map(({ method, path }) => `${method} ${path}`)
  const [was, now] = [new Set(list(before)), new Set(list(after))]
  return {
    added: [...now].filter((route) => !was.has(route)),
    changed: [],
    removed: [...was].filter((route) => !now.has(route)),
  }
}

/** Operations that keep their route; a changed route is reported as removed and added. */
function describeOperations(
  present: Blueprint,
  after: Blueprint,
  diff: Diff,
  routes: ReportedChanges['routes'],
): void {
  for (const operation of after.operations) {
    const route = `${operation.method} ${operation.path}`
    const change = partOf(diff, operation.id)
    const isKnown = present.operations.some(({ id }) => id === operation.id)
    if (isKnown && change.kind !== 'same' && !routes.added.includes(route))
      routes.changed.push(
        `${route}: ${change.kind === 'changed' ? [...change.set.keys(), ...change.removed].join(', ') : 'rewritten'}`,
      )
    if (!isKnown && !routes.added.includes(route)) routes.changed.push(`${route}: replaced`)
  }
  for (const name of removedOf(diff)) {
    const was = present.operations.find(({ id }) => id === name)
    const route = `${was?.method} ${was?.path}`
    if (!routes.removed.includes(route) && !routes.changed.some((line) => line.startsWith(`${route}:`)))
      routes.changed.push(`${route}: no longer ${name}`)
  }
}

function describeLinks(diff: Diff, other: string[]): void {
  if (diff.kind !== 'changed') return
  for (const name of diff.set.keys()) other.push(`linked: ${name.replace(' ', ' and ')}`)
  for (const name of diff.removed) other.push(`no longer linked: ${name.replace(' ', ' and ')}`)
}

/** Changes that the operator must apply before the next start. */
function describeConfig({ config }: Blueprint, diff: Diff, other: string[]): void {
  if (diff.kind !== 'changed') return
  for (const [name, change] of diff.set) {
    const value = config.find((one) => one.name === name)
    const rule =
      value?.default === undefined ? 'required in production' : `${String(value.default)} by default`
    other.push(`configuration: ${name} ${change.kind === 'replaced' ? 'added' : 'changed'} (${rule})`)
  }
  for (const name of diff.removed) other.push(`configuration: ${name} removed`)
}

function describeSeeds({ seeds }: Blueprint, diff: Diff, other: string[]): void {
  if (diff.kind !== 'changed') return
  for (const [name, change] of diff.set) {
    const entity = seeds.find((one) => one.name === name)?.entity
    other.push(`seeds: ${entity} ${name} ${change.kind === 'replaced' ? 'added' : 'changed'}`)
  }
  for (const name of diff.removed) other.push(`seeds: ${name} removed`)
}

function describeSchedules(present: Blueprint, after: Blueprint, diff: Diff, other: string[]): void {
  const known = new Set(present.schedules.map(({ id }) => id))
  for (const { id, when } of after.schedules) {
    const change = partOf(diff, id)
    if (!known.has(id)) other.push(`new scheduled task: ${id}, ${describeSchedule(when)}`)
    else if (change.kind === 'changed')
      other.push(
        `scheduled task ${id}: other ${[...change.set.keys(), ...change.removed].join(', ')} (now ${describeSchedule(when)})`,
      )
  }
  for (const id of removedOf(diff)) other.push(`scheduled task removed: ${id}`)
}

function describeServices(present: Blueprint, after: Blueprint, diff: Diff, other: string[]): void {
  const known = new Set(present.services.map(({ name }) => name))
  for (const { name, baseUrl } of after.services) {
    if (!known.has(name)) other.push(`new external service: ${name}, at ${baseUrl}`)
    else if (partOf(diff, name).kind !== 'same') other.push(`external service changed: ${name}`)
  }
  for (const name of removedOf(diff)) other.push(`external service removed: ${name}`)
}

function describeHelpers(present: Blueprint, after: Blueprint, diff: Diff, other: string[]): void {
  const known = new Set((present.helpers ?? []).map(({ id }) => id))
  const now = after.helpers ?? []
  for (const { id } of now)
    if (!known.has(id)) other.push(`new shared helper: ${id}`)
    else if (partOf(diff, id).kind !== 'same') other.push(`shared helper changed: ${id}`)
  for (const id of known) if (!now.some((one) => one.id === id)) other.push(`shared helper removed: ${id}`)
}

const signingIn = ({ auth }: Blueprint) =>
  auth.kind === 'jwt'
    ? `authentication: accounts are rows of ${auth.account}`
    : auth.kind === 'apiKey'
      ? 'authentication: API keys'
      : 'authentication: none'

const wordOf = (change: Diff) =>
  change.kind === 'replaced' && ['string', 'number', 'boolean'].includes(typeof change.value)
    ? `is now ${JSON.stringify(change.value)}`
    : 'changed'

const namesOf = ({ fields, belongsTo }: Entity) => [
  ...fields.map(({ name }) => name),
  ...belongsTo.map(relationProperty),
]

const partOf = (diff: Diff, name: string): Diff =>
  diff.kind === 'changed' ? (diff.set.get(name) ?? none) : none
const removedOf = (diff: Diff) => (diff.kind === 'changed' ? diff.removed : [])
