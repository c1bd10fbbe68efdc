/** The only access to `fetch`, for `caller.ts`: the global is removed. */
export const { fetch } = globalThis;
