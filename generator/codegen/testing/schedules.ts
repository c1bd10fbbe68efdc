import { Blueprint, type Schedule } from '#contract'
import { blueprint, entity, field } from './blueprints.ts'

export const deleteExpired: Schedule = {
  id: 'deleteExpiredSessions',
  description: 'Delete sessions that have expired',
  rules: ['Deletes every session whose expiresAt is past by GRACE_DAYS.'],
  when: { kind: 'daily', at: '02:30' },
}

export const countSessions: Schedule = {
  id: 'countSessions',
  description: 'Log how many sessions there are',
  rules: ['Logs the number of sessions.'],
  when: { kind: 'weekly', on: ['monday'], at: '08:00' },
}

/** Sessions, with one task that changes rows and one that only looks. */
export const sessionsWithTasks = Blueprint.parse({
  ...blueprint('sessions', [
    entity('Session', {
      fields: [
        field('device', 'string', { required: true }),
        field('expiresAt', 'datetime', { required: true, example: '2020-01-01T00:00:00Z' }),
      ],
    }),
  ]),
  config: [
    {
      name: 'GRACE_DAYS',
      type: 'integer',
      default: 0,
      description: 'How long expired sessions stay, in days.',
    },
  ],
  schedules: [deleteExpired, countSessions],
})

/** What a model would write for them. */
export const taskHandlers = {
  deleteExpiredSessions: `import type { TaskContext } from '../task-context.ts';

export function deleteExpiredSessions({ repositories, now, signal, log, config }: TaskContext): void {
  const limit = now().getTime() - config.graceDays * 86_400_000;
  const expired: string[] = [];
  let offset = 0;
  let found = 1;
  while (offset < found && !signal.aborted) {
    const { data, pagination } = repositories.sessions.page({ limit: 1000, offset, sort: 'createdAt', order: 'asc' });
    for (const session of data) if (Date.parse(session.expiresAt) <= limit) expired.push(session.id);
    found = pagination.total;
    offset += 1000;
  }
  for (const id of expired) repositories.sessions.remove(id);
  log.info({ deleted: expired.length }, 'expired sessions deleted');
}
`,
  countSessions: `import type { TaskContext } from '../task-context.ts';

export async function countSessions({ repositories, log }: TaskContext): Promise<void> {
  const { pagination } = repositories.sessions.page({ limit: 1, offset: 0, sort: 'createdAt', order: 'asc' });
  log.info({ sessions: pagination.total }, 'sessions counted');
}
`,
}
