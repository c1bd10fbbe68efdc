import { RequestFile, type Shape } from '#contract'
import type { Node } from './document.ts'
import type { One } from './operation.ts'
import { propertiesOf } from './rows.ts'
import { listOf, nodeOf, textOf } from './resolve.ts'

/** The files of a multipart body: its properties that are binary, or of a media type. */
export function filesOf({ resolve, missing, route }: One, media: Node): RequestFile[] {
  const { node: schema } = resolve(media['schema'] ?? {})
  const required = new Set(listOf(schema['required']))
  const files = Object.entries(propertiesOf(schema, resolve)).flatMap(([name, given]) => {
    const { node } = resolve(given)
    const { node: items } = resolve(node['items'] ?? {})
    const file = [node, items].find(isFile)
    if (file === undefined) return []
    const stated =
      textOf(nodeOf(nodeOf(media['encoding'])[name])['contentType']) ?? textOf(file['contentMediaType'])
    const description = textOf(node['description'])?.replace(/\s+/g, ' ').slice(0, 500)
    const made = RequestFile.safeParse({
      name,
      required: required.has(name),
      ...(file === items && { isList: true }),
      ...typesIn(stated),
      ...(description !== undefined && { description }),
    })
    if (made.success) return [made.data]
    missing.add(`${route}: its file ${name}.`)
    return []
  })
  if (files.length > 10) missing.add(`${route}: its files beyond the first 10.`)
  return files.slice(0, 10)
}

export function isFile(node: Node): boolean {
  if (node['format'] === 'binary') return true
  const encoding = textOf(node['contentEncoding']) ?? 'binary'
  return typeof node['contentMediaType'] === 'string' && /^(binary|7bit|8bit)$/i.test(encoding)
}

/** `image/png, image/*`; no limit where any type will do. */
function typesIn(stated = ''): Pick<RequestFile, 'types'> {
  const types = stated
    .split(',')
    .map((one) => one.split(';')[0]!.trim().toLowerCase())
    .filter((one) => /^[a-z]+\/(\*|[a-z0-9][a-z0-9.+-]{0,80})$/.test(one))
  const isAny = types.length === 0 || types.some((one) => /^(\*\/\*|application\/octet-stream)$/.test(one))
  return isAny ? {} : { types: [...new Set(types)].slice(0, 20) }
}

/** A body without its files, which are read apart. */
export function withoutFiles(shape: Shape, files: readonly RequestFile[]): Shape {
  if (shape.kind !== 'object' || files.length === 0) return shape
  return {
    ...shape,
    properties: shape.properties.filter(({ name }) => files.every((file) => file.name !== name)),
  }
}
