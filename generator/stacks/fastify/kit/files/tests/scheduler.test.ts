import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { schedule } from '../src/schedule.ts';
import { runTask, startScheduler } from '../src/scheduler.ts';
import type { Task } from '../src/task-context.ts';
import { openTaskSetting } from './support/tasks.ts';

const everyMinute = (run: Task['run']): Task => ({
  id: 'probe',
  description: 'A task of the tests',
  cron: '* * * * *',
  run,
});

/** Advances the clock by minutes, second by second. */
function makeClock({ mock }: TestContext) {
  mock.timers.enable({ apis: ['setTimeout', 'Date'], now: Date.UTC(2030, 0, 1) });
  return async (minutes: number) => {
    for (let second = 0; second < minutes * 60; second += 1) {
      mock.timers.tick(1000);
      await Promise.resolve();
    }
    await new Promise(setImmediate);
  };
}

describe('the scheduler', () => {
  it('runs a task on schedule, even after a failed run', async (t) => {
    using setting = openTaskSetting('empty');
    const pass = makeClock(t);
    let runs = 0;
    const scheduler = startScheduler(
      [
        everyMinute(() => {
          runs += 1;
          if (runs === 1) throw new Error('the first run fails');
        }),
      ],
      setting,
    );
    await pass(3);
    await scheduler.stop();
    assert.equal(runs, 3);
    const messages = setting.lines.filter(({ task }) => task === 'probe').map(({ msg }) => msg);
    assert.deepEqual(messages, ['task failed', 'task ended', 'task ended']);
    await pass(2);
    assert.equal(runs, 3, 'no run comes after the stop');
  });

  it('skips a time during a run, and aborts that run on shutdown', async (t) => {
    using setting = openTaskSetting('empty');
    const pass = makeClock(t);
    let runs = 0;
    const scheduler = startScheduler(
      [
        everyMinute(({ signal }) => {
          runs += 1;
          return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
        }),
      ],
      setting,
    );
    await pass(3);
    await scheduler.stop();
    assert.equal(runs, 1);
    const messages = setting.lines.filter(({ task }) => task === 'probe').map(({ msg }) => msg);
    assert.deepEqual(messages.slice(0, 2), Array(2).fill('the task is left out this time: its run before goes on'));
    assert.equal(messages.at(-1), 'task stopped');
  });

  it('returns whether a run succeeded, and never throws', async () => {
    using setting = openTaskSetting('empty');
    const run = (work: Task['run']) => runTask(everyMinute(work), { ...setting, signal: setting.context.signal });
    assert.equal(await run(() => {}), true);
    assert.equal(await run(() => Promise.reject(new Error('no'))), false);
  });

  it('has a valid schedule for every task', async () => {
    using setting = openTaskSetting('empty');
    const scheduler = startScheduler(schedule, setting);
    await scheduler.stop();
    assert.equal(setting.lines.at(-1)?.msg, 'tasks are scheduled');
  });
});
