import type { TaskContext } from '../task-context.ts';

/**
 * Not implemented yet (logs a warning and does nothing). Delete reviews that are older than five years
 *
 * - Deletes every review whose createdAt is more than five years ago.
 */
export function deleteOldReviews({ log }: TaskContext): Promise<void> | void {
  log.warn('Not implemented yet: Delete reviews that are older than five years');
}
