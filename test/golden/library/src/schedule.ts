import { deleteOldReviews } from './scheduled/delete-old-reviews.ts';
import type { Task } from './task-context.ts';

/** The scheduled tasks. Times are in UTC. */
export const schedule: readonly Task[] = [
  {
    id: 'deleteOldReviews',
    description: 'Delete reviews that are older than five years',
    // every day at 02:00 UTC
    cron: '0 2 * * *',
    run: deleteOldReviews,
  },
];
