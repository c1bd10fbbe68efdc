import type { Shape, ShapeProperty } from '#contract'
import { isPlain } from '../../../blueprint/lint/shapes.ts'
import type { One } from './operation.ts'
import type { Node } from './document.ts'
import { MAX_COMPARED } from './validate-document.ts'
import { listOf, nodeOf, textOf } from './resolve.ts'

export function parametersOf({ resolve, toShape, notes, missing, route, shared, path }: One, node: Node) {
  const all = new Map<string, Node>()
  const given = [...listOf(shared['parameters']), ...listOf(node['parameters'])]
  if (given.length > MAX_COMPARED) missing.add(`${route}: its parameters beyond the first ${MAX_COMPARED}.`)
  for (const one of given.slice(0, MAX_COMPARED)) {
    const { node: parameter } = resolve(one)
    if (textOf(parameter['name']) === undefined) continue
    all.set(`${String(parameter['in'])} ${String(parameter['name'])}`, parameter)
  }
  const names = new Set([...path.matchAll(/:(\w+)/g)].map(([, name]) => name))
  const params: ShapeProperty[] = []
  const query: ShapeProperty[] = []
  for (const parameter of all.values()) {
    const name = String(parameter['name'])
    const where = parameter['in']
    const content = Object.values(nodeOf(parameter['content']))[0]
    const schema = parameter['schema'] ?? nodeOf(content)['schema'] ?? {}
    const about = `${name} of ${route}`
    if (where === 'header' || where === 'cookie') {
      if (!/^(authorization|accept|content-type)$/i.test(name)) notes.add(`The ${where} ${about} is ignored.`)
      continue
    }
    const given = toShape(schema, 'in', about)
    const shape = { ...given, nullable: false } as Shape
    const description = textOf(parameter['description'])?.replace(/\s+/g, ' ').slice(0, 500)
    const said = description === undefined ? {} : { description }
    if (where === 'path') {
      if (!names.has(name)) continue
      const plain: Shape = isPlain(shape) ? shape : { kind: 'string', nullable: false }
      params.push({ name, shape: plain, required: true, ...said })
      continue
    }
    if (!/^[a-zA-Z0-9_$@.:[\]-]{1,80}$/.test(name)) {
      missing.add(`The query parameter ${JSON.stringify(name)} of ${route}: its name is not supported.`)
      continue
    }
    const isList = shape.kind === 'array' && isPlain(shape.items) && parameter['explode'] !== false
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
      shape: isPlain(shape) || isList ? shape : { kind: 'string', nullable: false },
      required: parameter['required'] === true,
      ...(fits && { default: value as string | number | boolean }),
      ...said,
    })
  }
  // A path may have undeclared parameters.
  for (const [, name] of path.matchAll(/:(\w+)/g))
    if (!params.some((param) => param.name === name))
      params.push({ name: name!, shape: { kind: 'string', nullable: false }, required: true })
  return { params, query: query.slice(0, 20) }
}
