// @if taskExamples
import { mock } from 'node:test';
// @end
import Fastify from 'fastify';
// @if configValues
import { readConfig } from '../../src/config.ts';
// @end
import { migrate } from '../../src/database/migrate.ts';
import { openDatabase } from '../../src/database/open.ts';
// @if taskExamples
import { makeRepositories, type Repositories } from '../../src/database/repositories.ts';
// @else
import { makeRepositories } from '../../src/database/repositories.ts';
// @end
import { insertSeeds } from '../../src/database/seeds.ts';
import { makeHandlerContexts } from '../../src/operation-context.ts';
// @if services
import { makeServiceDoubles } from './services.ts';
// @end

type Line = { level: number; msg: string; task?: string };

// @if taskExamples
/** The context of tasks: their own database, empty or seeded, and a recorded log. `time` stops the clock there. */
export function openTaskSetting(rows: 'empty' | 'seeded', time?: string) {
  if (time !== undefined) mock.timers.enable({ apis: ['Date'], now: Date.parse(time) });
  // @else
/** The context of tasks: their own database, empty or seeded, and a recorded log. */
export function openTaskSetting(rows: 'empty' | 'seeded') {
  // @end
  const database = openDatabase(':memory:');
  migrate(database);
  // @if seedAccounts
  if (rows === 'seeded') insertSeeds(database, 'a hash');
  // @else
  if (rows === 'seeded') insertSeeds(database);
  // @end
  // @if services
  // @if taskExamples
  const { services, say, calls } = makeServiceDoubles();
  // @else
  const { services } = makeServiceDoubles();
  // @end
  // @end
  // @if taskExamples
  const repositories = makeRepositories(database);
  const numbers = new Map<string, number>();
  // @end
  const lines: Line[] = [];
  const stream = { write: (line: string) => void lines.push(JSON.parse(line) as Line) };
  const { log } = Fastify({ logger: { level: 'trace', stream } });
  const handlerContext = makeHandlerContexts({
    // @if taskExamples
    repositories,
    // @else
    repositories: makeRepositories(database),
    // @end
    database,
    // @if configValues
    config: readConfig({}).values,
    // @end
  });
  return {
    database,
    log,
    /** The log so far. */
    lines,
    handlerContext,
    context: {
      ...handlerContext(log),
      signal: new AbortController().signal,
      // @if services
      services,
      // @end
    },
    // @if services
    services,
    // @if taskExamples
    /** Sets the response of a service call: `mail.send`. */
    say,
    /** The service calls so far. */
    calls,
    // @end
    // @end
    // @if taskExamples
    repositories,
    /** Counts rows, to make unique values. */
    nextNumber(key: keyof Repositories): number {
      const number = (numbers.get(key) ?? 0) + 1;
      numbers.set(key, number);
      return number;
    },
    // @end
    // @if taskExamples
    [Symbol.dispose](): void {
      mock.timers.reset();
      database.close();
    },
    // @else
    [Symbol.dispose]: () => database.close(),
    // @end
  };
}
