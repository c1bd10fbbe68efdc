import { checkHandler } from './check-handler.ts'

/** What writing computes apart from what others wait for. */
export const WRITE_TASKS = {
  checkHandler: ({ code, expected }: { code: string; expected: Parameters<typeof checkHandler>[1] }) =>
    checkHandler(code, expected),
}
