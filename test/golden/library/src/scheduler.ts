import { setTimeout as delay } from 'node:timers/promises';
import { Cron } from 'croner';
import type { FastifyBaseLogger } from 'fastify';
import type { MakeHandlerContext } from './operation-context.ts';
import type { Task } from './task-context.ts';

type Dependencies = {
  handlerContext: MakeHandlerContext;
  log: FastifyBaseLogger;
};

/** How long a shutdown waits for active runs, in milliseconds. */
const PATIENCE = 10_000;

/**
 * Runs each task on schedule, but never concurrently with itself: a time during a run is
 * skipped. A failed run is logged, and the next one runs as scheduled.
 */
export function startScheduler(tasks: readonly Task[], dependencies: Dependencies) {
  const { log } = dependencies;
  const stopping = new AbortController();
  const running = new Map<Task, Promise<boolean>>();

  function start(task: Task): void {
    if (running.has(task)) {
      log.warn({ task: task.id }, 'the task is left out this time: its run before goes on');
      return;
    }
    const run = runTask(task, { ...dependencies, signal: stopping.signal });
    running.set(task, run);
    void run.then(() => running.delete(task));
  }

  const crons = tasks.map(
    (task) => new Cron(task.cron, { timezone: 'UTC', mode: '5-part' }, () => start(task)),
  );
  log.info({ tasks: tasks.map(({ id }) => id) }, 'tasks are scheduled');

  return {
    /** Starts no more runs, aborts active ones, and waits for them up to ten seconds. */
    async stop(): Promise<void> {
      for (const cron of crons) cron.stop();
      stopping.abort();
      const waiting = new AbortController();
      const tooLong = delay(PATIENCE, undefined, { signal: waiting.signal }).catch(() => undefined);
      await Promise.race([Promise.all(running.values()), tooLong]);
      waiting.abort();
      for (const { id } of running.keys()) log.warn({ task: id }, 'the task did not end in time');
    },
  };
}

/** Runs a task once and returns whether it succeeded; errors are logged. */
export async function runTask(
  task: Task,
  { handlerContext, log, signal }: Dependencies & { signal: AbortSignal },
): Promise<boolean> {
  const taskLog = log.child({ task: task.id });
  const started = performance.now();
  const ms = () => Math.round(performance.now() - started);
  try {
    await task.run({ ...handlerContext(taskLog), signal });
    taskLog.info({ ms: ms() }, 'task ended');
    return true;
  } catch (error) {
    if (signal.aborted) taskLog.warn({ ms: ms() }, 'task stopped');
    else taskLog.error({ err: error, ms: ms() }, 'task failed');
    return false;
  }
}
