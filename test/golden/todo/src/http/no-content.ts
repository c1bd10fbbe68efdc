import { z } from 'zod';

/** An empty response. */
export const NoContent = z.undefined().describe('Done.');
