import Fastify from 'fastify';
import { readConfig } from '../../src/config.ts';
import { migrate } from '../../src/database/migrate.ts';
import { openDatabase } from '../../src/database/open.ts';
import { makeRepositories } from '../../src/database/repositories.ts';
import { insertSeeds } from '../../src/database/seeds.ts';
import { makeHandlerContexts } from '../../src/operation-context.ts';

type Line = { level: number; msg: string; task?: string };

/** The context of tasks: their own database, empty or seeded, and a recorded log. */
export function openTaskSetting(rows: 'empty' | 'seeded') {
  const database = openDatabase(':memory:');
  migrate(database);
  if (rows === 'seeded') insertSeeds(database);
  const lines: Line[] = [];
  const stream = { write: (line: string) => void lines.push(JSON.parse(line) as Line) };
  const { log } = Fastify({ logger: { level: 'trace', stream } });
  const handlerContext = makeHandlerContexts({
    repositories: makeRepositories(database),
    database,
    config: readConfig({}).values,
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
    },
    [Symbol.dispose]: () => database.close(),
  };
}
