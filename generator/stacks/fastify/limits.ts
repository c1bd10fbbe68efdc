import type { Shape } from '#contract'
import { OPEN_TEXT_BYTES, SMALL_BYTES } from './body-bytes.ts'
import { projectKind } from './field-kinds.ts'
import type { ProjectModel } from './model.ts'
import type { Resource } from './resource.ts'

const KIB = 1024
const MIB = 1024 * KIB
/** The minimum limit, and the maximum, since bodies are read into memory. */
const LEAST = MIB
const MOST = 32 * MIB

/**
 * The limit of request bodies in bytes, in whole MiB, for the largest body that the project's schemas accept, as far
 * as they are limited.
 */
export function bodyLimit({ resources, customs }: Pick<ProjectModel, 'resources' | 'customs'>): number {
  const bodies = [
    ...resources.map(bytesOfResource),
    ...customs.map(({ operation }) => (operation.body ? bytesOfShape(operation.body) : 0)),
  ]
  const largest = Math.max(0, ...bodies)
  return Math.min(MOST, Math.max(LEAST, Math.ceil(largest / MIB) * MIB))
}

/** The timeout of a handler that calls no service, or only fast ones. */
const LEAST_TIME_MS = 120_000

/** Twice the time of the slowest service with all retries, so that a handler can call more than one. */
export function handlerTimeoutMs({ clients }: Pick<ProjectModel, 'clients'>): number {
  const slowest = Math.max(0, ...clients.map(({ timeoutMs, retries }) => timeoutMs * (retries + 1)))
  return Math.max(LEAST_TIME_MS, 2 * slowest)
}

const bytesOfResource = ({ properties }: Resource): number =>
  properties.reduce(
    (sum, property) =>
      sum +
      SMALL_BYTES +
      property.name.length +
      (property.kind === 'field' ? projectKind(property.field.type).bytes(bytesOfShape) : SMALL_BYTES),
    SMALL_BYTES,
  )

function bytesOfShape(shape: Shape): number {
  switch (shape.kind) {
    case 'array':
      return shape.max === undefined ? OPEN_TEXT_BYTES : shape.max * (1 + bytesOfShape(shape.items))
    case 'object':
      return shape.properties.reduce(
        (sum, { name, shape: inner }) => sum + SMALL_BYTES + name.length + bytesOfShape(inner),
        SMALL_BYTES,
      )
    case 'record':
    case 'any':
    case 'entity':
      return OPEN_TEXT_BYTES
    default:
      return projectKind(shape).bytes(bytesOfShape)
  }
}
