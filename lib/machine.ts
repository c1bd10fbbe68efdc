import { availableParallelism } from 'node:os'

/** What a program needs to know of the machine it runs on, as plain data that a test can make up. */
export type Machine = {
  readonly env: Readonly<Record<string, string | undefined>>
  /** The Node that runs this program, and so generated projects. */
  readonly nodePath: string
  readonly platform: NodeJS.Platform
  /** Undefined on Windows. */
  readonly userId: number | undefined
  /** How many of them work at the same time. */
  readonly processors: number
  /** For workspaces that live as long as a run. */
  readonly tempDirectory: string
}

export function thisMachine(process: NodeJS.Process, tempDirectory: string): Machine {
  return {
    env: process.env,
    nodePath: process.execPath,
    platform: process.platform,
    userId: process.getuid?.(),
    processors: availableParallelism(),
    tempDirectory,
  }
}
