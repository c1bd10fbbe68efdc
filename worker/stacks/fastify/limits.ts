import type { FieldType, Shape } from '#contract'
import type { ProjectModel } from './model.ts'
import type { Resource } from './resource.ts'

const KIB = 1024
const MIB = 1024 * KIB
/** What every project takes, and the most that one takes whatever its fields may hold: a body is read into memory. */
const LEAST = MIB
const MOST = 32 * MIB
/** JSON may write a UTF-16 code unit as `\uXXXX`. */
const BYTES_PER_UNIT = 6
/** Numbers, dates, ids, a name with its quotes and comma. */
const SMALL = 64
/** What is expected of a line, and of longer texts and open structures, that nothing limits. */
const OPEN_LINE = 8 * KIB
const OPEN_TEXT = 256 * KIB

/**
 * The limit of request bodies in bytes, in whole MiB: the largest body that the project's own schemas accept fits, as far
 * as they limit it.
 */
export function bodyLimit({ resources, customs }: Pick<ProjectModel, 'resources' | 'customs'>): number {
  const bodies = [
    ...resources.map(bytesOfResource),
    ...customs.map(({ operation }) => (operation.body ? bytesOfShape(operation.body) : 0)),
  ]
  const largest = Math.max(0, ...bodies)
  return Math.min(MOST, Math.max(LEAST, Math.ceil(largest / MIB) * MIB))
}

/** What a handler may take that calls no service, or fast ones. */
const LEAST_TIME_MS = 120_000

/** Twice what the slowest service may take with all its tries, so that a handler has time to call more than one. */
export function handlerTimeoutMs({ clients }: Pick<ProjectModel, 'clients'>): number {
  const slowest = Math.max(0, ...clients.map(({ timeoutMs, retries }) => timeoutMs * (retries + 1)))
  return Math.max(LEAST_TIME_MS, 2 * slowest)
}

const bytesOfResource = ({ properties }: Resource): number =>
  properties.reduce(
    (sum, property) =>
      sum +
      SMALL +
      property.name.length +
      (property.kind === 'field' ? bytesOfField(property.field.type) : SMALL),
    SMALL,
  )

function bytesOfField(type: FieldType): number {
  switch (type.kind) {
    case 'string':
      return bytesOfText(type.maxLength)
    case 'text':
      return OPEN_TEXT
    case 'json':
      return bytesOfShape(type.shape)
    case 'enum':
      return bytesOfText(Math.max(...type.values.map(({ length }) => length)))
    case 'email':
    case 'url':
      return OPEN_LINE
    default:
      return SMALL
  }
}

function bytesOfShape(shape: Shape): number {
  switch (shape.kind) {
    case 'string':
    case 'email':
    case 'url':
      return bytesOfText(shape.max)
    case 'enum':
      return bytesOfText(Math.max(...shape.values.map(({ length }) => length)))
    case 'array':
      return shape.max === undefined ? OPEN_TEXT : shape.max * (1 + bytesOfShape(shape.items))
    case 'object':
      return shape.properties.reduce(
        (sum, { name, shape: inner }) => sum + SMALL + name.length + bytesOfShape(inner),
        SMALL,
      )
    case 'record':
    case 'any':
    case 'entity':
      return OPEN_TEXT
    default:
      return SMALL
  }
}

const bytesOfText = (units: number | undefined): number =>
  units === undefined ? OPEN_LINE : units * BYTES_PER_UNIT + SMALL
