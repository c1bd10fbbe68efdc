import { z } from 'zod';

/** The path: The average rating of a book */
export const GetBookRatingParams = z.strictObject({ id: z.uuid() });

/** The answer: The average rating of a book */
export const GetBookRatingResult = z.object({ average: z.number().nullable() });
export type GetBookRatingResult = z.infer<typeof GetBookRatingResult>;

/** Everything that it is given of a request. */
export type GetBookRatingInput = { params: z.infer<typeof GetBookRatingParams> };
