import { z } from 'zod';
// @if numberId
import { queryInteger } from './pagination.ts';
// @end

// @if usualId
export const IdParams = z.object({ id: z.uuid() });
// @end
// @if numberId
export const NumberIdParams = z.object({ id: queryInteger });
// @end
// @if textId
export const TextIdParams = z.object({ id: z.string() });
// @end
// @if links
export const LinkParams = z.object({ id: z.uuid(), otherId: z.uuid() });
// @end
