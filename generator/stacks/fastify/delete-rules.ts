import type { ProjectModel } from './model.ts'
import { relationsOf, type Resource } from './resource.ts'

/** Whether a delete can fail on a restricting relation, of the row or of rows deleted with it. */
export function canBeRefused(resource: Resource, model: ProjectModel, seen = new Set<Resource>()): boolean {
  if (seen.has(resource)) return false
  seen.add(resource)
  return model.resources.some((other) =>
    [...relationsOf(other).map(({ relation }) => relation), ...other.foreignKeys].some(
      ({ target, onDelete }) =>
        target === resource &&
        (onDelete === 'restrict' || (onDelete === 'cascade' && canBeRefused(other, model, seen))),
    ),
  )
}
