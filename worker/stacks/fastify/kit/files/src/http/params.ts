import { z } from 'zod';

export const IdParams = z.object({ id: z.uuid() });
// @if links
export const LinkParams = z.object({ id: z.uuid(), otherId: z.uuid() });
// @end
