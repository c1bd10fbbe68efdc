import { takesParts } from '#contract'
import { bodyLimit, handlerTimeoutMs } from '../limits.ts'
import type { ProjectModel } from '../model.ts'

/** `src/http/limits.ts` */
export const limitsFile = (
  model: ProjectModel,
): string => `/** The longest body of a request, in bytes: the largest that the schemas of this service accept fits. */
export const BODY_LIMIT = ${inMib(bodyLimit(model))};
${model.customs.some(({ operation }) => takesParts(operation) || operation.rawBody) ? uploadLimit : ''}
/** The handler timeout in milliseconds; then the response is 503. */
export const HANDLER_TIMEOUT = ${handlerTimeoutMs(model).toLocaleString('en').replaceAll(',', '_')};
`

const uploadLimit = `
/** The longest body of files, in bytes: they are read into memory. */
export const UPLOAD_LIMIT = 16 * 1024 * 1024;
`

const inMib = (bytes: number): string => {
  const mib = bytes / 1024 / 1024
  return `${mib === 1 ? '' : `${mib} * `}1024 * 1024`
}
