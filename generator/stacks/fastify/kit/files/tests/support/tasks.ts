import Fastify from 'fastify';
// @if configValues
import { readConfig } from '../../src/config.ts';
// @end
import { migrate } from '../../src/database/migrate.ts';
import { openDatabase } from '../../src/database/open.ts';
import { makeRepositories } from '../../src/database/repositories.ts';
import { insertSeeds } from '../../src/database/seeds.ts';
import { makeHandlerContexts } from '../../src/operation-context.ts';
// @if services
import { makeServiceDoubles } from './services.ts';
// @end

type Line = { level: number; msg: string; task?: string };

/** The context of tasks: their own database, empty or seeded, and a recorded log. */
export function openTaskSetting(rows: 'empty' | 'seeded') {
  const database = openDatabase(':memory:');
  migrate(database);
  // @if seedAccounts
  if (rows === 'seeded') insertSeeds(database, 'a hash');
  // @else
  if (rows === 'seeded') insertSeeds(database);
  // @end
  // @if services
  const { services } = makeServiceDoubles();
  // @end
  const lines: Line[] = [];
  const stream = { write: (line: string) => void lines.push(JSON.parse(line) as Line) };
  const { log } = Fastify({ logger: { level: 'trace', stream } });
  const handlerContext = makeHandlerContexts({
    repositories: makeRepositories(database),
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
    // @end
    [Symbol.dispose]: () => database.close(),
  };
}
