import { z } from 'zod';

/** Configuration specific to this service. Operations read it from `context.config`. */
export type ConfigValues = {
  /** How many reviews a book needs before its average is answered. (`LEAST_REVIEWS`) */
  readonly leastReviews: number;
};

const wholeNumber = z
  .string()
  .regex(/^-?\d+$/, 'expected a whole number')
  .transform(Number)
  .pipe(z.int());

/** The environment variables, and how each is parsed. */
export const configVariables = {
  LEAST_REVIEWS: wholeNumber.default(1),
};

export function toConfigValues(
  variables: z.infer<z.ZodObject<typeof configVariables>>,
): ConfigValues {
  return {
    leastReviews: variables.LEAST_REVIEWS,
  };
}
