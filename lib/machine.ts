import { availableParallelism } from 'node:os'
import { findBun } from './find-bun.ts'
import { findNode } from './find-node.ts'

/** What a program needs to know of the machine it runs on, as plain data that a test can make up. */
export type Machine = {
  readonly env: Readonly<Record<string, string | undefined>>
  /** The Node that runs generated projects: see `findNode`. */
  readonly nodePath: string
  /** Where Bun runs this program, or is what there is in place of npm: see `findBun`. */
  readonly bunPath?: string | undefined
  readonly platform: NodeJS.Platform
  /** Undefined on Windows. */
  readonly userId: number | undefined
  /** How many of them work at the same time. */
  readonly processors: number
  /** For workspaces that live as long as a run. */
  readonly tempDirectory: string
}

/** Throws `NodeNotFoundError` where another runtime than Node runs this, and there is no Node. */
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
