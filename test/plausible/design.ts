import type {
  CustomOperation,
  ExampleRow,
  Json,
  OperationExample,
  RowChange,
  Shape,
  ShapeProperty,
  TaskExample,
} from '#contract'

/** Short forms for the parts of a design. */

type Plain = Extract<Shape, { min?: number | undefined }>['kind']
type Bounds = { readonly min?: number; readonly max?: number }

export const plain = (kind: Exclude<Plain, 'array'>, bounds: Bounds = {}): Shape => ({
  kind,
  nullable: false,
  ...bounds,
})
export const text = plain('string')
export const whole = plain('integer')
export const orNull = (shape: Shape): Shape => ({ ...shape, nullable: true })
export const row = (entity: string): Shape => ({ kind: 'entity', entity, nullable: false })
export const listOf = (items: Shape): Shape => ({ kind: 'array', items, nullable: false })
export const oneOf = (...values: string[]): Shape => ({ kind: 'enum', values, nullable: false })
export const object = (properties: Readonly<Record<string, Shape>>): Shape => ({
  kind: 'object',
  properties: propertiesOf(properties),
  nullable: false,
})
export const propertiesOf = (shapes: Readonly<Record<string, Shape>>): ShapeProperty[] =>
  Object.entries(shapes).map(([name, shape]) => ({ name, shape, required: true }))
/** May be left out, perhaps for a default. */
export const optional = (name: string, shape: Shape, value?: string | number): ShapeProperty => ({
  name,
  shape,
  required: false,
  ...(value !== undefined && { default: value }),
})

export const json = (shape: Shape, status = 200) => ({ kind: 'json' as const, status, shape })
export const refusal = (status: number, code: string, when: string) => ({ status, code, when })
export const NOT_FOUND = refusal(404, 'not_found', 'There is no such row.')

type Given = Omit<CustomOperation, 'params' | 'query' | 'body' | 'responses' | 'access'> &
  Partial<Pick<CustomOperation, 'query' | 'body' | 'access'>> & {
    readonly success: CustomOperation['responses']['success']
    readonly others?: CustomOperation['responses']['others']
    readonly errors?: CustomOperation['responses']['errors']
  }

/** An operation whose parameters in the path are the ids of rows; `code` is a text. */
export function operation({ success, others, errors = [], ...given }: Given): CustomOperation {
  const names = [...given.path.matchAll(/:(\w+)/g)].map(([, name]) => name!)
  return {
    query: [],
    body: null,
    access: 'authenticated',
    ...given,
    params: names.map((name) => ({
      name,
      shape: name === 'code' ? text : plain('uuid'),
      required: true,
    })),
    responses: { success, ...(others && { others }), errors },
  }
}

type Rows = Readonly<Record<string, readonly [entity: string, values: ExampleRow['values']]>>
type Request = {
  readonly params?: OperationExample['request']['params']
  readonly query?: OperationExample['request']['query']
  readonly headers?: Record<string, string>
  readonly body?: Json
}

const rowsOf = (rows: Rows): ExampleRow[] =>
  Object.entries(rows).map(([name, [entity, values]]) => ({ name, entity, values }))

/** Rows, a request, and what is expected of its answer and of the rows after it. */
export const example = (
  title: string,
  rows: Rows,
  { params = {}, query = {}, headers, body }: Request,
  expect: OperationExample['expect'],
  rowsAfter?: RowChange[],
): OperationExample => ({
  title,
  rows: rowsOf(rows),
  request: { params, query, ...(headers && { headers }), ...(body !== undefined && { body }) },
  expect,
  ...(rowsAfter && { rowsAfter }),
})

export const taskExample = (
  title: string,
  now: string,
  rows: Rows,
  rowsAfter: RowChange[],
  more: Pick<TaskExample, 'calls' | 'answers'> = {},
): TaskExample => ({ title, now, rows: rowsOf(rows), rowsAfter, ...more })

export const created = (entity: string, values: Record<string, Json>): RowChange => ({
  change: 'created',
  entity,
  values,
})
export const changed = (name: string, values: Record<string, Json>): RowChange => ({
  change: 'changed',
  row: name,
  values,
})
export const removed = (name: string): RowChange => ({ change: 'removed', row: name })
