import { z } from 'zod';

/** The response of a request that has nothing to answer. */
export const NoContent = z.undefined().describe('Done.');
