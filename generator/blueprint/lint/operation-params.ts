import { paramsInPath, takesParts, type CustomOperation } from '#contract'
import { dropWhere, type Report } from './diagnostic.ts'
import { isPlain } from './shapes.ts'

export function lintParams(operation: CustomOperation, at: string, report: Report) {
  const { id, path, params, query, method, body, rawBody, implementation, signIn } = operation
  lintHeaders(operation, at, report)
  lintCookies(operation, at, report)
  lintFiles(operation, at, report)
  const inPath = paramsInPath(path)
  for (const name of new Set(inPath)) {
    if (inPath.filter((other) => other === name).length > 1 || !params.some((param) => param.name === name)) {
      report.error({
        code: 'operation.param-missing',
        path: `${at}.params.${name}`,
        what: `:${name} in the path of ${id} is ${params.some((param) => param.name === name) ? 'repeated' : 'not in its params'}.`,
        why: 'Each path parameter has its own name and type.',
        fix: `Describe ${name} in params once (uuid for the id of a row), or remove it from the path.`,
      })
    }
  }
  for (const { name, shape } of params) {
    if (!inPath.includes(name)) {
      report.error({
        code: 'operation.param-unknown',
        path: `${at}.params.${name}`,
        what: `${id} has the path parameter ${name}, which is not in ${path}.`,
        why: 'It would never have a value.',
        fix: `Add :${name} to the path, or move it to the query or the body.`,
      })
    }
    if (shape.nullable) shape.nullable = false
    if (shape.kind === 'enum') lintSteps({ id, name, values: shape.values }, at, report)
  }
  for (const [part, list] of [
    ['params', params],
    ['query', query],
  ] as const) {
    for (const { name, shape } of list) {
      const isList = part === 'query' && shape.kind === 'array' && isPlain(shape.items)
      if (isPlain(shape) || isList) continue
      report.error({
        code: 'operation.not-plain',
        path: `${at}.${part}.${name}`,
        what: `${name} in the ${part} of ${id} is of kind ${shape.kind}.`,
        why: 'A path holds single values, and a query at most lists of them.',
        fix: 'Make it a single value, or move it to the body.',
      })
    }
  }
  if (method === 'GET' && body !== null) {
    report.error({
      code: 'operation.body-of-get',
      path: `${at}.body`,
      what: `${id} is a GET with a body.`,
      why: 'Clients and caches drop the body of a GET.',
      fix: 'Move the body to the query, or use POST.',
    })
  }
  if (rawBody && (body !== null || method === 'GET' || implementation || signIn)) {
    report.error({
      code: 'operation.raw-body',
      path: `${at}.rawBody`,
      what: `${id} is given bytes, and ${body === null ? (method === 'GET' ? 'is a GET' : 'works on rows') : 'a body of properties'}.`,
      why: 'Bytes are the whole body of a request, which only a handler reads.',
      fix: 'Remove one of them.',
    })
  }
  if (body !== null && !['object', 'array', 'record', 'any'].includes(body.kind)) {
    report.error({
      code: 'operation.body-shape',
      path: `${at}.body`,
      what: `The body of ${id} is of kind ${body.kind}.`,
      why: 'Request bodies are JSON objects or lists; a row has properties that only the server sets.',
      fix: 'Make it an object, and list the properties that the client sends.',
    })
  }
}

/** Clients resolve `.` and `..` in a path before they send it, so no request can contain them. */
function lintSteps(param: { id: string; name: string; values: string[] }, at: string, report: Report): void {
  const { id, name, values } = param
  const isStep = (value: string) => value === '.' || value === '..'
  if (!values.some(isStep)) return
  const finding = {
    code: 'operation.param-step',
    path: `${at}.params.${name}`,
    what: `${name} in the path of ${id} can be "." or "..".`,
    why: 'Clients resolve them, so they never reach the service.',
  }
  if (values.every(isStep)) {
    report.error({ ...finding, fix: 'Give it other values, or move it to the query.' })
    return
  }
  dropWhere(values, isStep)
  report.fixed({ ...finding, fix: 'Removed them from its values.' })
}

/** What the protocol or authentication reads; a handler that is given them could leak a credential. */
const RESERVED =
  /^(accept|accept-encoding|authorization|connection|content-.*|cookie|expect|host|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade)$/

function lintHeaders(operation: CustomOperation, at: string, report: Report): void {
  const { id, headers } = operation
  if (headers === undefined) return
  dropWhere(headers, ({ name }, before) => before.some((other) => other.name === name))
  for (const { name, shape } of headers) {
    const path = `${at}.headers.${name}`
    if (RESERVED.test(name))
      report.error({
        code: 'operation.header-reserved',
        path,
        what: `${id} reads the header ${name}.`,
        why: 'The protocol and authentication use this header.',
        fix: 'Remove it. Access says who may call; another credential needs a header of its own, such as x-signature.',
      })
    if (shape.nullable) shape.nullable = false
    if (shape.kind === 'enum') lintHeaderValues(shape.values, `${id} in the header ${name}`, path, report)
    if (isPlain(shape)) continue
    report.error({
      code: 'operation.not-plain',
      path,
      what: `The header ${name} of ${id} is of kind ${shape.kind}.`,
      why: 'A header holds a single value.',
      fix: 'Make it a single value, or move it to the body.',
    })
  }
}

function lintCookies({ id, cookies }: CustomOperation, at: string, report: Report): void {
  if (cookies === undefined) return
  dropWhere(cookies, ({ name }, before) => before.some((other) => other.name === name))
  for (const { name, shape } of cookies) {
    if (shape.nullable) shape.nullable = false
    if (isPlain(shape)) continue
    report.error({
      code: 'operation.not-plain',
      path: `${at}.cookies.${name}`,
      what: `The cookie ${name} of ${id} is of kind ${shape.kind}.`,
      why: 'A cookie holds a single value.',
      fix: 'Make it a single value, or move it to the body.',
    })
  }
}

function lintFiles(operation: CustomOperation, at: string, report: Report): void {
  const { id, body, files = [] } = operation
  const fields = body?.kind === 'object' ? body.properties : []
  for (const [index, { name }] of files.entries()) {
    const isTaken =
      fields.some((one) => one.name === name) || files.slice(0, index).some((one) => one.name === name)
    if (takesParts(operation) && !isTaken) continue
    report.error({
      code: 'operation.files',
      path: `${at}.files.${name}`,
      what: isTaken ? `${id} has two parts named ${name}.` : `${id} has files, and takes no multipart body.`,
      why: 'A file is a part of a multipart body, with a name of its own.',
      fix: isTaken ? 'Rename one of them.' : 'Add multipart to its bodyTypes, and make the body an object.',
    })
  }
}

function lintHeaderValues(values: string[], about: string, path: string, report: Report): void {
  if (values.every(isHeaderValue)) return
  const finding = {
    code: 'operation.header-value',
    path,
    what: `Some values of ${about} cannot be sent in a header.`,
    why: 'Headers hold printable ASCII characters, without spaces at the ends.',
  }
  if (!values.some(isHeaderValue)) {
    report.error({ ...finding, fix: 'Give it other values, or move it to the query or the body.' })
    return
  }
  dropWhere(values, (value) => !isHeaderValue(value))
  report.fixed({ ...finding, fix: 'Removed them.' })
}

export const isHeaderValue = (value: string): boolean => /^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/.test(value)
