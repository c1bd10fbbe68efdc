import { availableParallelism } from 'node:os'
import { findBun } from './find-bun.ts'
import { findNode } from './find-node.ts'

/** The host's properties as plain data, easy to fake in tests. */
export type Machine = {
  readonly env: Readonly<Record<string, string | undefined>>
  /** The Node that runs generated projects: see `findNode`. */
  readonly nodePath: string
  /** The path of Bun, when it runs this program or replaces npm: see `findBun`. */
  readonly bunPath?: string | undefined
  readonly platform: NodeJS.Platform
  /** Undefined on Windows. */
  readonly userId: number | undefined
  /** Available parallelism. */
  readonly processors: number
  /** For temporary workspaces of runs. */
  readonly tempDirectory: string
}

/** Throws `NodeNotFoundError` on another runtime when no Node is found. */
export function thisMachine(process: NodeJS.Process, tempDirectory: string): Machine {
  return {
    env: process.env,
    nodePath: findNode(process).path,
    bunPath: findBun(process),
    platform: process.platform,
    userId: process.getuid?.(),
    processors: availableParallelism(),
    tempDirectory,
  }
}
