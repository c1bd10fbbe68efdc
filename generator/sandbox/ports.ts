import type { ProjectFile } from '../ports.ts'

/** What one run may use. Where a limit cannot be enforced by a tier, the wall clock still ends the run. */
export type RunLimits = {
  readonly wallMs: number
  readonly cpuSeconds: number
  /** Of all processes and the writable disks together, in bytes. */
  readonly memoryBytes: number
  /** Processes and threads at the same time. */
  readonly processes: number
  /** The largest file that can be written, in bytes. */
  readonly fileBytes: number
  readonly openFiles: number
  /** The size of the writable disk, in bytes. */
  readonly scratchBytes: number
  /** Kept of stdout and of stderr each, in bytes; the rest is read and dropped. */
  readonly outputBytes: number
  /** Everything on the result channel together, in bytes; more than that ends the run. */
  readonly resultBytes: number
}

/** One command. Paths are the same inside a sandbox as outside of it. */
export type SandboxRun = {
  /** Absolute path of the program, and its arguments. */
  readonly argv: readonly [string, ...string[]]
  /** Read-only inside; the working directory. */
  readonly project: string
  /** Writable inside; `HOME` and `TMPDIR` point here. */
  readonly scratch: string
  /** Further files and folders that may be read; absolute. */
  readonly readable: readonly string[]
  /** Whether the processes of the run are kept from looking into each other: there is no `/proc` inside. */
  readonly hidesProcesses?: boolean
  /** The whole environment, but for `HOME` and `TMPDIR`. */
  readonly env: Readonly<Record<string, string>>
  /** Whether what runs at the same time for the same job goes before it, because that takes longer. */
  readonly isBackground?: boolean
  /** Given on stdin, which stays open until it is there. One that rejects ends the run as aborted. */
  readonly input?: string | Promise<string>
  readonly limits: RunLimits
  /** Aborting kills everything that the run started. */
  readonly signal: AbortSignal
  /** Called for every complete line that the command writes to file descriptor 3. */
  readonly onLine?: (line: string) => void
}

export type RunEnding =
  | { readonly kind: 'exited'; readonly code: number }
  | { readonly kind: 'signalled'; readonly signal: string }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'aborted' }
  /** More came over the result channel than `resultBytes`. */
  | { readonly kind: 'flooded' }
  /** All processes together took more than `memoryBytes`. */
  | { readonly kind: 'memory' }
  /** The program could not be started at all. */
  | { readonly kind: 'unstartable'; readonly reason: string }

export type RunResult = {
  readonly ending: RunEnding
  readonly stdout: string
  readonly stderr: string
  /** Wall-clock milliseconds from start to the end of the last process. */
  readonly ms: number
}

/** A place to run a command. Never throws for what the command does; `ending` says how it went. */
export type Sandbox = {
  readonly tier: 'bubblewrap' | 'none'
  /** Who must be able to read the project and `readable`, where that is not the worker's own user. */
  readonly user: { readonly uid: number; readonly gid: number } | null
  readonly run: (run: SandboxRun) => Promise<RunResult>
}

/** Which sandbox a project gets, and why. `tools` run our own programs over the files and execute none of them. */
export type SandboxChoice =
  | { readonly tier: 'bubblewrap' | 'none'; readonly tools: Sandbox; readonly project: Sandbox }
  | { readonly tier: 'static'; readonly tools: Sandbox; readonly reason: string }

export type PickSandbox = (files: readonly ProjectFile[]) => SandboxChoice
