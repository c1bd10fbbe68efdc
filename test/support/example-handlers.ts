/** The handler that the fake model writes for the operation. */
export const RATING = `import { ApiError } from '../errors.ts';
import type { OperationContext } from '../operation-context.ts';
import type { GetBookRatingInput, GetBookRatingResult } from '../schemas/operations/get-book-rating.ts';

/** How many reviews are read at once. */
const PAGE = 1000;

/** The mean of a book's stars, once there are enough reviews. */
export function getBookRating(
  { params }: GetBookRatingInput,
  { config, repositories }: OperationContext,
): GetBookRatingResult {
  if (!repositories.books.find(params.id)) throw new ApiError(404, 'not_found', 'There is no such book.');
  let sum = 0;
  let count = 0;
  let total = 1;
  for (let offset = 0; offset < total; offset += PAGE) {
    const { data, pagination } = repositories.reviews.page({
      limit: PAGE,
      offset,
      sort: 'createdAt',
      order: 'asc',
      where: { bookId: params.id },
    });
    for (const { stars } of data) sum += stars;
    count += data.length;
    total = pagination.total;
  }
  return { average: count === 0 || count < config.leastReviews ? null : sum / count };
}
`

/** The handler for the scheduled task. */
export const OLD_REVIEWS = `import type { TaskContext } from '../task-context.ts';

/** How many reviews are read at once. */
const PAGE = 1000;
const YEARS = 5;

/** Deletes reviews that are too old, the oldest first. */
export function deleteOldReviews({ repositories, now, log, signal }: TaskContext): void {
  const limit = now();
  limit.setFullYear(limit.getFullYear() - YEARS);
  const old: string[] = [];
  let total = 1;
  for (let offset = 0; offset < total && !signal.aborted; offset += PAGE) {
    const { data, pagination } = repositories.reviews.page({
      limit: PAGE,
      offset,
      sort: 'createdAt',
      order: 'asc',
    });
    const found = data.filter(({ createdAt }) => Date.parse(createdAt) < limit.getTime());
    old.push(...found.map(({ id }) => id));
    // They come by age: whatever follows is younger.
    total = found.length < data.length ? 0 : pagination.total;
  }
  for (const id of old) repositories.reviews.remove(id);
  log.info({ deleted: old.length }, 'old reviews deleted');
}
`
