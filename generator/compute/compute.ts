/** A function whose duration depends on its input. Input and result are plain data. */
type Task = (input: never) => unknown
export type Tasks = Readonly<Record<string, Task>>

type Run<Name extends string, One extends Task> = (
  name: Name,
  input: Parameters<One>[0],
  signal: AbortSignal,
) => Promise<Awaited<ReturnType<One>>>

type Intersection<All> = (All extends unknown ? (one: All) => void : never) extends (all: infer Both) => void
  ? Both
  : never

/**
 * Runs one of these tasks. Rejects with what the task threw, with a `too_complex` failure where it exceeds its time or
 * memory, or with the signal's reason. An overload for each task, so that what runs more tasks fits where fewer are needed.
 */
export type Compute<All extends Tasks> = Intersection<
  { [Name in keyof All & string]: Run<Name, All[Name]> }[keyof All & string]
>

/** The task's name for people, and what to do if it exceeds a limit. */
export type TaskDescription = { readonly doing: string; readonly hint: string }
