import { GraphQLError, parse, type DocumentNode } from 'graphql'
import type { OpenApiDocument } from '../openapi/document.ts'
import { crudPaths } from '../json-schema/crud-paths.ts'
import { SpecError, type SourcePosition } from '../spec-error.ts'
import { componentsOf } from './components.ts'
import { pathOfType, routeOf } from './operations.ts'
import { isKnownScalar, referenceOf, typesOf, type Types } from './types.ts'

/** More than any schema within the limit of its length has. */
const MAX_TOKENS = 300_000

/** A GraphQL schema as OpenAPI: types with an id are rows, and each query and mutation is a request. */
export function readGraphql(text: string): OpenApiDocument & { readonly missing: readonly string[] } {
  const types = typesOf(parsed(text))
  const notes = new Set<string>([
    'GraphQL is served as REST: each query and mutation is a request of its own.',
  ])
  const missing: string[] = []
  const places = new Map<string, SourcePosition>()
  const schemas = componentsOf(types, notes)
  for (const { name, at } of types.objects.values()) if (at) places.set(`components schemas ${name}`, at)
  sayScalars(types, notes)
  const paths: Record<string, Record<string, unknown>> = {}
  const taken = new Set<string>()
  for (const [root, isMutation] of [
    [types.roots.query, false],
    [types.roots.mutation, true],
  ] as const) {
    for (const field of types.objects.get(root)?.fields ?? []) {
      const route = routeOf(field, isMutation, { types, taken })
      const { method, path, operation } = route
      if (taken.has(`${method} ${path}`)) {
        missing.push(
          `${field.name.value} of ${root}: ${method.toUpperCase()} ${path} is already another operation.`,
        )
        continue
      }
      taken.add(`${method} ${path}`)
      paths[path] = { ...paths[path], [method]: operation }
      const at = field.loc?.startToken
      if (at) places.set(`paths ${path} ${method}`, at)
      notes.add(`${field.name.value} of ${root} is ${method.toUpperCase()} ${path}.`)
    }
  }
  for (const field of types.objects.get(types.roots.subscription)?.fields ?? [])
    missing.push(`The subscription ${field.name.value}.`)
  if (taken.size === 0)
    for (const { name } of types.rows.values())
      Object.assign(paths, crudPaths(name, pathOfType(name), schemas[name]!))
  if (Object.keys(paths).length === 0) {
    throw new SpecError('It has no queries, no mutations and no type with an id.', {
      hint: 'Add a type Query, or give the types that are stored a field `id: ID!`.',
    })
  }
  return {
    root: { openapi: '3.1.0', info: { title: 'API', version: '1' }, paths, components: { schemas } },
    placeOf: (path) => places.get(path.slice(0, 3).join(' ')),
    notes: [...notes],
    missing,
  }
}

function parsed(text: string): DocumentNode {
  try {
    return parse(text, { maxTokens: MAX_TOKENS })
  } catch (error) {
    if (error instanceof GraphQLError) {
      const [place] = error.locations ?? []
      throw new SpecError(
        `It is not a GraphQL schema: ${error.message.replace(/\.$/, '')}.`,
        { place, hint: 'Correct that line.' },
        { cause: error },
      )
    }
    throw new SpecError('It is nested too deeply.', { hint: 'Flatten it.' }, { cause: error })
  }
}

function sayScalars(types: Types, notes: Set<string>): void {
  const { objects, inputs, enums, unions } = types
  const used = [...objects.values(), ...inputs.values()].flatMap(({ fields = [] }) =>
    fields.map((field) => referenceOf(field.type).name),
  )
  for (const name of new Set(used)) {
    const isDefined = [objects, inputs, enums, unions].some((known) => known.has(name))
    if (!isDefined && !isKnownScalar(name)) notes.add(`The scalar ${name} is read as any JSON.`)
  }
}
