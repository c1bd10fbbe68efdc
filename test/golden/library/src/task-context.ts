import type { HandlerContext } from './operation-context.ts';

/** The context of a scheduled task. */
export type TaskContext = HandlerContext & {
  /** Aborted when the service stops: long tasks check it between steps. */
  signal: AbortSignal;
};

export type Task = {
  /** Its name in logs and for `npm run task`. */
  id: string;
  description: string;
  /** When it runs: minute, hour, day of the month, month, day of the week, in UTC. */
  cron: string;
  run(context: TaskContext): Promise<void> | void;
};
