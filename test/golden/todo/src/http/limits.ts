/** The longest body of a request, in bytes: the largest that the schemas of this service accept fits. */
export const BODY_LIMIT = 1024 * 1024;

/** The handler timeout in milliseconds; then the response is 503. */
export const HANDLER_TIMEOUT = 120_000;
