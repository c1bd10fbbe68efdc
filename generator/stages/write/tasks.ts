import { checkHandler } from './check-handler.ts'
import { keepParameters } from './keep-parameters.ts'

/** The tasks of writing that run in the compute pool. */
export const WRITE_TASKS = {
  checkHandler: ({ code, expected }: { code: string; expected: Parameters<typeof checkHandler>[1] }) =>
    checkHandler(code, expected),
  keepParameters,
}
