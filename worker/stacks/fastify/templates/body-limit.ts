import { bodyLimit } from '../body-limit.ts'
import type { ProjectModel } from '../model.ts'

/** `src/http/body-limit.ts` */
export const bodyLimitFile = (
  model: ProjectModel,
): string => `/** The longest body of a request, in bytes: the largest that the schemas of this service accept fits. */
export const BODY_LIMIT = ${bodyLimit(model) / 1024 / 1024} * 1024 * 1024;
`
