import { z } from 'zod';

/** Refuses an empty text, and one of spaces only. */
export const notBlank = z.regex(/\S/, 'Must not be blank');
