import { ApiError } from '../errors.ts';
import type { OperationContext } from '../operation-context.ts';
import type {
  GetBookRatingInput,
  GetBookRatingResult,
} from '../schemas/operations/get-book-rating.ts';

/** How many reviews are read at once. */
const PAGE = 1000;

/** The mean of a book's stars, once there are enough reviews. */
export function getBookRating(
  { params }: GetBookRatingInput,
  { config, repositories }: OperationContext,
): GetBookRatingResult {
  if (!repositories.books.find(params.id))
    throw new ApiError(404, 'not_found', 'There is no such book.');
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
