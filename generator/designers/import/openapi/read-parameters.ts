import {
  paramsInPath,
  PROPERTY_NAME,
  RequestCookie,
  RequestHeader,
  type Shape,
  type ShapeProperty,
} from '#contract'
import { isPlain } from '../../../blueprint/lint/shapes.ts'
import type { One } from './operation.ts'
import type { Node } from './document.ts'
import { MAX_COMPARED } from './validate-document.ts'
import { pathName } from './path-name.ts'
import { listOf, nodeOf, textOf } from './resolve.ts'

/** An object in a query is one parameter for each property: `filter[year]`, or `year` alone. Null in other styles. */
function partsOf(
  name: string,
  properties: readonly ShapeProperty[],
  { style = 'form', explode, required }: Node,
): ShapeProperty[] | null {
  const nameOf =
    style === 'deepObject'
      ? (property: string) => `${name}[${property}]`
      : style === 'form' && explode !== false
        ? (property: string) => property
        : null
  if (
    nameOf === null ||
    !properties.every((one) => isPlain(one.shape) && PROPERTY_NAME.test(nameOf(one.name)))
  )
    return null
  return properties.map((one) => ({
    ...one,
    name: nameOf(one.name),
    shape: { ...one.shape, nullable: false } as Shape,
    required: one.required && required === true,
  }))
}

/** What divides the items of a list: undefined where the parameter is repeated, null where its style is no list. */
function separatorOf({ style = 'form', explode }: Node): ',' | ' ' | '|' | undefined | null {
  const isExploded = explode ?? style === 'form'
  if (isExploded === true) return style === 'deepObject' ? null : undefined
  return (
    { form: ',' as const, spaceDelimited: ' ' as const, pipeDelimited: '|' as const }[String(style)] ?? null
  )
}

/** What the protocol and authentication read; "accept" and its like are ignored by OpenAPI itself. */
const isOfTheProtocol = (name: string): boolean =>
  /^(accept|accept-encoding|authorization|connection|content-.*|cookie|expect|host|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade)$/i.test(
    name,
  )

export function parametersOf({ resolve, toShape, notes, missing, route, shared, path }: One, node: Node) {
  const all = new Map<string, Node>()
  const given = [...listOf(shared['parameters']), ...listOf(node['parameters'])]
  if (given.length > MAX_COMPARED) missing.add(`${route}: its parameters beyond the first ${MAX_COMPARED}.`)
  for (const one of given.slice(0, MAX_COMPARED)) {
    const { node: parameter } = resolve(one)
    if (textOf(parameter['name']) === undefined) continue
    all.set(`${String(parameter['in'])} ${String(parameter['name'])}`, parameter)
  }
  const names = new Set(paramsInPath(path))
  const params: ShapeProperty[] = []
  const query: ShapeProperty[] = []
  const headers: RequestHeader[] = []
  const cookies: RequestCookie[] = []
  for (const parameter of all.values()) {
    const name = String(parameter['name'])
    const where = parameter['in']
    const content = Object.values(nodeOf(parameter['content']))[0]
    const schema = parameter['schema'] ?? nodeOf(content)['schema'] ?? {}
    const about = `${name} of ${route}`
    if (where === 'header' && isOfTheProtocol(name)) continue
    const given = toShape(schema, 'in', about)
    const shape = { ...given, nullable: false } as Shape
    const description = textOf(parameter['description'])?.replace(/\s+/g, ' ').slice(0, 500)
    const said = description === undefined ? {} : { description }
    if (where === 'cookie') {
      const cookie = RequestCookie.safeParse({
        name,
        shape,
        required: parameter['required'] === true,
        ...said,
      })
      if (cookie.success && isPlain(shape)) cookies.push(cookie.data)
      else notes.add(`The cookie ${about} is ignored: it is no single value.`)
      continue
    }
    if (where === 'header') {
      const header = RequestHeader.safeParse({
        name: name.toLowerCase(),
        shape,
        required: parameter['required'] === true,
        ...said,
      })
      if (header.success && isPlain(shape)) headers.push(header.data)
      else notes.add(`The header ${about} is ignored.`)
      continue
    }
    if (where === 'path') {
      const named = pathName(name)
      if (!names.has(named)) continue
      if (named !== name) notes.add(`${about} is named ${named}, which no URL shows.`)
      const plain: Shape = isPlain(shape) ? shape : { kind: 'string', nullable: false }
      if (!isPlain(shape)) notes.add(`The path parameter ${about} is treated as text.`)
      params.push({ name: named, shape: plain, required: true, ...said })
      continue
    }
    const parts = shape.kind === 'object' ? partsOf(name, shape.properties, parameter) : null
    if (parts !== null) {
      query.push(...parts)
      continue
    }
    if (!PROPERTY_NAME.test(name)) {
      missing.add(`The query parameter ${JSON.stringify(name)} of ${route}: its name is not supported.`)
      continue
    }
    const separator = separatorOf(parameter)
    const isList = shape.kind === 'array' && isPlain(shape.items) && separator !== null
    if (!isPlain(shape) && !isList) notes.add(`The query parameter ${about} is treated as text.`)
    const { node: own } = resolve(schema)
    const value = own['default']
    const fits =
      (typeof value === 'string' && ['string', 'enum'].includes(shape.kind)) ||
      (typeof value === 'boolean' && shape.kind === 'boolean') ||
      (typeof value === 'number' &&
        (shape.kind === 'number' || (shape.kind === 'integer' && Number.isInteger(value))))
    query.push({
      name,
      shape:
        isList && separator
          ? { ...shape, separator }
          : isPlain(shape) || isList
            ? shape
            : { kind: 'string', nullable: false },
      required: parameter['required'] === true,
      ...(fits && { default: value as string | number | boolean }),
      ...said,
    })
  }
  // A path may have undeclared parameters.
  for (const name of names)
    if (!params.some((param) => param.name === name))
      params.push({ name, shape: { kind: 'string', nullable: false }, required: true })
  if (query.length > 20) missing.add(`${route}: its query parameters beyond the first 20.`)
  if (headers.length > 10) missing.add(`${route}: its headers beyond the first 10.`)
  if (cookies.length > 10) missing.add(`${route}: its cookies beyond the first 10.`)
  return {
    params,
    query: query.slice(0, 20),
    headers: headers.slice(0, 10),
    cookies: cookies.slice(0, 10),
  }
}
