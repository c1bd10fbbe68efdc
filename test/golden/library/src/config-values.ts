import { z } from 'zod';

/** What this service alone is told by whoever runs it. Operations are given it as `context.config`. */
export type ConfigValues = {
  /** How many reviews a book needs before its average is answered. (`LEAST_REVIEWS`) */
  readonly leastReviews: number;
};

const wholeNumber = z
  .string()
  .regex(/^-?\d+$/, 'expected a whole number')
  .transform(Number)
  .pipe(z.int());

/** The variables of the environment that hold it, each as it is read. */
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
