import type { Sandbox } from './ports.ts'
import { runLimited } from './run-limited.ts'

/**
 * No isolation: the command runs as this user, on this network. It only gets a clean environment, a private home, a
 * timeout, capped output, and termination of its whole process group.
 * Only for our own programs, for projects made of templates alone, and where it is explicitly configured.
 */
export function makeUnsandboxed(): Sandbox {
  return {
    tier: 'none',
    user: null,
    run: (run) =>
      runLimited({
        file: run.argv[0],
        args: run.argv.slice(1),
        cwd: run.project,
        env: { ...run.env, HOME: run.scratch, TMPDIR: run.scratch },
        input: run.input,
        limits: run.limits,
        isBackground: run.isBackground,
        signal: run.signal,
        onLine: run.onLine,
      }),
  }
}
