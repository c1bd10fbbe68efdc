import { access } from '../../../codegen/encode/property.ts'
import { fillPath, type CustomOperation, type Json, type Operation } from '#contract'
import { httpJson, httpTitle } from '../../../codegen/encode/http-file.ts'
import { sampleValues } from '../../../codegen/samples.ts'
import { sampleType } from './operation-call.ts'
import { sampleBody } from './sample-body.ts'
import type { ProjectModel } from '../model.ts'
import { hasCreate, hasPatch, openProperties, type Property, type Resource } from '../resource.ts'
import type { NamedOperation } from '../custom-operations.ts'
import { projectKind } from '../field-kinds.ts'
import { seedId } from '../seed-rows.ts'
import { sampleOf } from '../../../codegen/sample-of.ts'
import { linkGuards } from './routes/link-routes.ts'
import {
  authorization,
  ownSignIn,
  resourceSender,
  senderOf,
  signInName,
  usedRoles,
} from './request-senders.ts'

/** `requests.http`: every request, in a working order. */
export function requestsFile(model: ProjectModel): string {
  const { account } = model
  const ordered = model.inOrderOfNeed
  const seeded = ordered.some((resource) => isSeeded(model, resource))
  return `${[
    `# Send these from top to bottom with the REST Client extension of VS Code or with httpYac.
# Later requests use what earlier ones answered.${seeded ? '\n# Rows that no request creates come from the seeds: npm run seed.' : ''}
@host = http://127.0.0.1:3000${model.auth === 'apiKey' ? '\n# What npm run key -- <name> printed.\n@apiKey = put-your-key-here' : ''}`,
    request('The service', ['GET {{host}}/ready']),
    ...(account && model.hasAuthRoutes ? signIn(model, account) : []),
    ...(account && model.hasAuthRoutes
      ? usedRoles(model).flatMap((role) => signInAs(model, account, role))
      : []),
    ...model.customs
      .filter(({ operation }) => operation.signIn)
      .map((custom) => customRequest(model, custom)),
    ...ordered.flatMap((resource) => resourceRequests(model, resource)),
    ...model.links.flatMap((link) => {
      const rightId = rowId(model, link.right)
      const path = `${link.left.path}/${rowId(model, link.left)}/${link.rightSegment}`
      const change = authorization(model, senderOf(model, linkGuards(link.left, link.right)))
      const reads = authorization(model, senderOf(model, [link.left.policies.read, link.right.policies.read]))
      return [
        request(`Link ${link.left.label} and ${link.right.label}`, [
          `PUT {{host}}${path}/${rightId}`,
          ...change,
        ]),
        request(`List ${link.right.labelPlural} of ${link.left.label}`, [`GET {{host}}${path}`, ...reads]),
        request(`List ${link.left.labelPlural} of ${link.right.label}`, [
          `GET {{host}}${link.right.path}/${rightId}/${link.leftSegment}`,
          ...reads,
        ]),
        request(`Unlink ${link.left.label} and ${link.right.label}`, [
          `DELETE {{host}}${path}/${rightId}`,
          ...change,
        ]),
      ]
    }),
    ...model.customs
      .filter(({ operation }) => !operation.signIn)
      .map((custom) => customRequest(model, custom)),
    ...ordered
      .toReversed()
      .flatMap((resource) =>
        resource.operations.has('delete') && !(resource.isAccount && resource !== ordered[0])
          ? [
              request(`Delete ${resource.label}`, [
                `DELETE {{host}}${resource.path}/${rowId(model, resource)}`,
                ...sender(model, resource, 'delete'),
              ]),
            ]
          : [],
      ),
  ].join('\n\n')}\n`
}

const request = (title: string, head: string[], body?: string, type = 'application/json'): string =>
  `### ${httpTitle(title)}\n${head.join('\n')}${body === undefined ? '' : `\nContent-Type: ${type}\n\n${body}`}`

/** Rows that no request can create are replaced by a seed. */
const isSeeded = (model: ProjectModel, resource: Resource): boolean =>
  !hasCreate(resource) && resource !== model.account

function rowId(model: ProjectModel, resource: Resource): string {
  if (resource === model.account && model.hasAuthRoutes) return '{{login.response.body.account.id}}'
  return isSeeded(model, resource)
    ? String(seedId(model, resource))
    : `{{${resource.operationIds.create}.response.body${access(resource.id.name)}}}`
}

function signIn(model: ProjectModel, account: Resource): string[] {
  const email = 'reader@example.com'
  return [
    request(
      'Register (the second time the email is taken, which does not matter)',
      ['# @name register', 'POST {{host}}/auth/register'],
      registration(model, account, email),
    ),
    request('Sign in', ['# @name login', 'POST {{host}}/auth/login'], credentials(email)),
    request('Who is signed in', ['GET {{host}}/auth/me', ...authorization(model, '')]),
  ]
}

/** An account with a role. Requests cannot set roles, so it is granted in a terminal. */
function signInAs(model: ProjectModel, account: Resource, role: string): string[] {
  const email = `${role}@example.com`
  return [
    request(
      `Register the account for ${role}. Then grant the role once: npm run grant -- ${email} ${role}`,
      ['POST {{host}}/auth/register'],
      registration(model, account, email),
    ),
    request(
      `Sign in as ${role}`,
      [`# @name ${signInName(role)}`, 'POST {{host}}/auth/login'],
      credentials(email),
    ),
  ]
}

function registration(model: ProjectModel, account: Resource, email: string): string {
  const properties = openProperties(account).map((property) =>
    property.name === 'email'
      ? `  "email": "${email}"`
      : `  "${property.name}": ${sample(model, account, property)}`,
  )
  return `{\n${[...properties, '  "password": "correct horse"'].join(',\n')}\n}`
}

const credentials = (email: string): string => `{\n  "email": "${email}",\n  "password": "correct horse"\n}`

const sender = (model: ProjectModel, resource: Resource, operation: Operation): string[] =>
  authorization(model, resourceSender(model, resource, operation))

function resourceRequests(model: ProjectModel, resource: Resource): string[] {
  const { path, operations, operationIds } = resource
  const one = `${path}/${rowId(model, resource)}`
  const properties = openProperties(resource).filter(
    (property) => !(resource.isAccount && property.name === 'email'),
  )
  const body = () => json(model, resource, openProperties(resource))
  return [
    ...(hasCreate(resource)
      ? [
          request(
            `Create ${resource.label}`,
            [`# @name ${operationIds.create}`, `POST {{host}}${path}`, ...sender(model, resource, 'create')],
            body(),
          ),
        ]
      : []),
    ...(operations.has('list')
      ? [
          request(`List ${resource.labelPlural}`, [
            `GET {{host}}${path}?limit=10${resource.created ? `&sort=${encodeURIComponent(resource.created.name)}` : ''}&order=desc`,
            ...sender(model, resource, 'list'),
          ]),
        ]
      : []),
    ...(operations.has('read')
      ? [request(`Read ${resource.label}`, [`GET {{host}}${one}`, ...sender(model, resource, 'read')])]
      : []),
    ...(operations.has('update') && !resource.isAccount
      ? [
          request(
            `Replace ${resource.label}`,
            [`PUT {{host}}${one}`, ...sender(model, resource, 'update')],
            body(),
          ),
        ]
      : []),
    ...(hasPatch(resource) && properties.length > 0
      ? [
          request(
            `Change ${resource.label}`,
            [`PATCH {{host}}${one}`, ...sender(model, resource, 'update')],
            json(model, resource, properties.slice(0, 1)),
          ),
        ]
      : []),
  ]
}

function customRequest(model: ProjectModel, custom: NamedOperation): string {
  const { operation, summary, resource, guard, isWritten } = custom
  const path = fillPath(operation.path, (name) => {
    const shape = operation.params.find((param) => param.name === name)?.shape ?? {
      kind: 'uuid',
      nullable: false,
    }
    if (shape.kind === 'uuid' && resource && operation.path.includes(`${resource.path}/:${name}`))
      return rowId(model, resource)
    return encodeURIComponent(String(sampleOf(shape)))
  })
  const query = operation.query.map(
    ({ name, shape }) => `${encodeURIComponent(name)}=${encodeURIComponent(String(sampleOf(shape)))}`,
  )
  const headers = (operation.headers ?? []).map(({ name, shape }) => `${name}: ${String(sampleOf(shape))}`)
  return request(
    `${summary}${isWritten ? '' : ' (not implemented: returns 501)'}`,
    [
      ...(custom === ownSignIn(model) ? ['# @name signIn'] : []),
      `${operation.method} {{host}}${path}${query.length > 0 ? `?${query.join('&')}` : ''}`,
      ...headers,
      ...cookieLine(operation),
      ...(operation.signIn ? [] : authorization(model, senderOf(model, [guard]))),
    ],
    operation.rawBody
      ? '< ./sample'
      : operation.body === null
        ? undefined
        : operation.files
          ? partsText(sampleOf(operation.body), operation.files)
          : httpJson(sampleBody(operation, model)),
    operation.rawBody
      ? sampleType(operation.rawBody.types)
      : operation.files
        ? `multipart/form-data; boundary=${BOUNDARY}`
        : undefined,
  )
}

const cookieLine = ({ cookies = [] }: CustomOperation): string[] =>
  cookies.length === 0
    ? []
    : [
        `cookie: ${cookies.map(({ name, shape }) => `${name}=${encodeURIComponent(String(sampleOf(shape)))}`).join('; ')}`,
      ]

const BOUNDARY = 'part'

/** A multipart body; its files lie beside this file. */
function partsText(fields: Json, files: NonNullable<CustomOperation['files']>): string {
  const part = (about: string, content: string) =>
    `--${BOUNDARY}\ncontent-disposition: form-data; ${about}\n\n${content}`
  const texts = Object.entries(fields ?? {}).map(([name, value]) =>
    part(`name="${name}"`, typeof value === 'object' ? httpJson(value as Json) : String(value)),
  )
  const uploads = files
    .filter(({ required }) => required)
    .map(({ name, types }) =>
      part(`name="${name}"; filename="${name}"\ncontent-type: ${sampleType(types)}`, `< ./${name}`),
    )
  return [...texts, ...uploads, `--${BOUNDARY}--`].join('\n')
}

const json = (model: ProjectModel, resource: Resource, properties: Property[]): string =>
  properties.length === 0
    ? '{}'
    : `{\n${properties.map((property) => `  "${property.name}": ${sample(model, resource, property)}`).join(',\n')}\n}`

function sample(model: ProjectModel, resource: Resource, property: Property): string {
  if (property.kind === 'relation') {
    const { target } = property.relation
    const quoted = (id: string) => (target.id.kind === 'integer' ? id : `"${id}"`)
    if (target === resource) return property.required ? quoted(String(seedId(model, target))) : 'null'
    const isLater = model.inOrderOfNeed.indexOf(target) > model.inOrderOfNeed.indexOf(resource)
    return !property.required && isLater ? 'null' : quoted(rowId(model, target))
  }
  const [value = ''] = sampleValues(resource.entity.name, property.field, 1)
  if (!property.unique && !resource.varied.has(property.name)) return httpJson(value)
  // A different value each time, so that the file works repeatedly.
  return projectKind(property.field.type).fresh ?? httpJson(value)
}
