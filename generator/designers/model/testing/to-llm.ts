import {
  Operation,
  type Blueprint,
  type CustomOperation,
  type ExampleRow,
  type Field,
  type OperationExample,
  type RowChange,
  type Schedule,
  type Service,
  type Shape,
  type Success,
  type ShapeProperty,
} from '#contract'
import type {
  LlmBlueprint,
  LlmOperation,
  LlmPart,
  LlmSchedule,
  LlmSuccess,
  LlmService,
} from '../llm-schema.ts'

/** The blueprint as a model would send it: the inverse of `toBlueprint`. */
export function toLlm(blueprint: Blueprint): LlmBlueprint {
  return {
    name: blueprint.name,
    title: blueprint.title,
    description: blueprint.description,
    accountEntity: blueprint.auth.kind === 'jwt' ? blueprint.auth.account : null,
    roles:
      blueprint.auth.kind === 'jwt' && blueprint.auth.roles
        ? [
            blueprint.auth.roles.initial,
            ...blueprint.auth.roles.names.filter((name) => name !== initialOf(blueprint)),
          ]
        : [],
    apiKeys: blueprint.auth.kind === 'apiKey',
    apiKeyHeader: blueprint.auth.kind === 'apiKey' ? (blueprint.auth.header ?? null) : null,
    entities: blueprint.entities.map((entity) => ({
      name: entity.name,
      plural: entity.plural,
      label: entity.label,
      labelPlural: entity.labelPlural,
      description: entity.description ?? null,
      path: entity.path,
      key: entity.key ?? null,
      timestamps: entity.stamps ?? null,
      fields: entity.fields.map(fieldToTransport),
      belongsTo: entity.belongsTo.map(({ property = null, ...relation }) => ({ ...relation, property })),
      indexes: (entity.indexes ?? []).map(({ properties, unique }) => ({ properties, unique })),
      operations: entity.operations,
      policies: Operation.options.flatMap((operation) => {
        const policy = entity.policies?.[operation]
        if (policy === undefined) return []
        const roles =
          policy.who === 'roles' ? policy.roles : policy.who === 'owner' ? (policy.orRoles ?? []) : []
        return [{ operation, who: policy.who, roles }]
      }),
      readAccess: entity.access.read,
      writeAccess: entity.access.write,
      owner: entity.owner ?? null,
    })),
    manyToMany: blueprint.manyToMany,
    operations: blueprint.operations.map(operationToTransport),
    config: blueprint.config.map(({ name, type, description, default: value, example }) => ({
      name,
      type,
      description,
      defaultValue: value === undefined ? null : String(value),
      example: example === undefined ? null : String(example),
    })),
    seeds: blueprint.seeds.map((seed) => ({ ...seed, values: JSON.stringify(seed.values) })),
    schedules: blueprint.schedules.map(scheduleToTransport),
    services: blueprint.services.map(serviceToTransport),
    helpers: blueprint.helpers ?? [],
    assumptions: [],
    notUnderstood: [],
    questions: [],
  }
}

const serviceToTransport = ({ auth, ...service }: Service): LlmService => ({
  ...service,
  auth: auth.kind,
  secret: auth.kind === 'none' ? null : auth.secret,
  header: auth.kind === 'header' ? auth.name : null,
  timeoutMs: service.timeoutMs ?? null,
  retries: service.retries ?? null,
  calls: service.calls.map((call) => ({
    ...call,
    params: call.params.flatMap((one) => partsOf(one.shape, escaped(one.name), one)),
    query: call.query.flatMap((one) => partsOf(one.shape, escaped(one.name), one)),
    body: call.body === null ? [] : partsOf(call.body),
    answer: call.answer === null ? [] : partsOf(call.answer),
  })),
})

const rowsToTransport = (rows: readonly ExampleRow[]) =>
  rows.map((row) => ({ ...row, values: JSON.stringify(row.values) }))

const answersToTransport = (answers: OperationExample['answers'] = []) =>
  answers.map((one) => ({ ...one, answer: JSON.stringify(one.answer) }))

const changesToTransport = (changes: readonly RowChange[] | undefined) =>
  changes?.map((one) => ({
    change: one.change,
    row: 'row' in one ? one.row : null,
    entity: 'entity' in one ? one.entity : null,
    values: 'values' in one ? JSON.stringify(one.values) : null,
  })) ?? null

const scheduleToTransport = ({ when, uses, examples = [], ...schedule }: Schedule): LlmSchedule => ({
  ...schedule,
  examples: examples.map(({ rows, answers, rowsAfter, calls, ...example }) => ({
    ...example,
    rows: rowsToTransport(rows),
    answers: answersToTransport(answers),
    rowsAfter: changesToTransport(rowsAfter),
    calls:
      calls?.map(({ input, ...call }) => ({
        ...call,
        input: input === undefined ? null : JSON.stringify(input),
      })) ?? null,
  })),
  uses: uses ?? [],
  when: when.kind,
  every: 'every' in when ? when.every : null,
  at: 'at' in when ? when.at : null,
  weekdays: 'on' in when ? when.on : [],
  cron: when.kind === 'cron' ? when.expression : null,
})

const initialOf = ({ auth }: Blueprint) => (auth.kind === 'jwt' ? auth.roles?.initial : undefined)

export function operationToTransport(operation: CustomOperation): LlmOperation {
  const { success, errors } = operation.responses
  return {
    id: operation.id,
    entity: operation.entity ?? null,
    method: operation.method,
    path: operation.path,
    summary: operation.summary,
    rules: operation.rules,
    params: operation.params.flatMap((one) => partsOf(one.shape, escaped(one.name), one)),
    query: operation.query.flatMap((one) => partsOf(one.shape, escaped(one.name), one)),
    headers: (operation.headers ?? []).flatMap((one) => partsOf(one.shape, escaped(one.name), one)),
    body: operation.body === null ? [] : partsOf(operation.body),
    ...successToTransport(success),
    otherSuccesses: (operation.responses.others ?? []).map(successToTransport),
    errors,
    access: operation.access === 'optional' ? 'public' : operation.access,
    roles: operation.roles ?? [],
    uses: operation.uses ?? [],
    examples: operation.examples.map(({ title, rows, answers, request, expect, rowsAfter }) => ({
      title,
      rows: rowsToTransport(rows),
      answers: answersToTransport(answers),
      params: JSON.stringify(request.params),
      query: JSON.stringify(request.query),
      headers: JSON.stringify(request.headers ?? {}),
      body: request.body === undefined ? null : JSON.stringify(request.body),
      status: expect.status,
      code: expect.code ?? null,
      answerHeaders: expect.headers === undefined ? null : JSON.stringify(expect.headers),
      answer: expect.body === undefined ? null : JSON.stringify(expect.body),
      rowsAfter: changesToTransport(rowsAfter),
    })),
  }
}

const successToTransport = (success: Success): LlmSuccess => ({
  successKind: success.kind,
  successStatus: success.status,
  mediaType: 'mediaType' in success ? (success.mediaType ?? null) : null,
  answer: success.kind === 'json' ? partsOf(success.shape) : [],
})

/** A name in a path: what separates places is escaped. */
const escaped = (name: string): string =>
  name.replaceAll(/\.|\[\]/g, (token) => token.replaceAll(/./g, '\\$&'))

function partsOf(shape: Shape, path = '', property?: ShapeProperty): LlmPart[] {
  const part: LlmPart = {
    path,
    kind: shape.kind,
    required: property?.required ?? true,
    nullable: shape.nullable,
    values: shape.kind === 'enum' ? shape.values : null,
    entity: shape.kind === 'entity' ? shape.entity : null,
    min: 'min' in shape ? (shape.min ?? null) : null,
    max: 'max' in shape ? (shape.max ?? null) : null,
    pattern: 'pattern' in shape ? (shape.pattern ?? null) : null,
    defaultValue: property?.default === undefined ? null : String(property.default),
    description: property?.description ?? null,
  }
  switch (shape.kind) {
    case 'array':
      return [part, ...partsOf(shape.items, `${path}[]`)]
    case 'record':
      return [part, ...partsOf(shape.values, `${path}{}`)]
    case 'object':
      return [
        part,
        ...shape.properties.flatMap((one) =>
          partsOf(one.shape, [path, escaped(one.name)].filter(Boolean).join('.'), one),
        ),
      ]
    default:
      return [part]
  }
}

function fieldToTransport(field: Field): LlmBlueprint['entities'][number]['fields'][number] {
  const { type } = field
  return {
    name: field.name,
    label: field.label,
    kind: type.kind,
    required: field.required,
    omitted: field.unset === 'omitted',
    setBy: field.setBy ?? [],
    unique: field.unique,
    maxLength: type.kind === 'string' ? (type.maxLength ?? null) : null,
    min: field.blank ? 0 : type.kind === 'integer' || type.kind === 'number' ? (type.min ?? null) : null,
    max: type.kind === 'integer' || type.kind === 'number' ? (type.max ?? null) : null,
    values: type.kind === 'enum' ? type.values : null,
    pattern: type.kind === 'string' ? (type.pattern ?? null) : null,
    json: type.kind === 'json' ? partsOf(type.shape) : [],
    defaultValue: field.default === undefined ? null : String(field.default),
    example: field.example === undefined ? null : String(field.example),
    description: field.description ?? null,
  }
}
