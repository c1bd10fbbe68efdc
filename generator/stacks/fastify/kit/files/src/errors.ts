/** One invalid value of a request: the part, the property, and what was expected. */
export type ErrorDetail = {
  in: 'body' | 'query' | 'path' | 'headers';
  path: string;
  message: string;
};

/** An error whose status, code and message are meant for the client. */
export class ApiError extends Error {
  readonly statusCode: number;
  readonly code: string;
  readonly details: ErrorDetail[] | undefined;

  constructor(statusCode: number, code: string, message: string, details?: ErrorDetail[]) {
    super(message);
    this.statusCode = statusCode;
    this.code = code;
    this.details = details;
  }
}
// @if byId

export function notFound(label: string): ApiError {
  return new ApiError(404, 'not_found', `${label} not found.`);
}
// @end

/** A value that must be unique is taken by another row. */
// @if someRows
export function duplicateValue(label: string, properties: string[], where?: string): ApiError {
  return new ApiError(
    409,
    'duplicate_value',
    `${label}: another one${where === undefined ? '' : ` where ${where}`} already has this ${properties.join(' and ')}.`,
    // @else
export function duplicateValue(label: string, properties: string[]): ApiError {
  return new ApiError(
    409,
    'duplicate_value',
    `${label}: another one already has this ${properties.join(' and ')}.`,
    // @end
    properties.map((path) => ({ in: 'body', path, message: 'Already taken' })),
  );
}
// @if restrict

/** A row cannot be deleted while others refer to it with `restrict`. */
export function stillReferenced(label: string, referrers: string[]): ApiError {
  const by = referrers.length > 0 ? `by: ${referrers.join(', ')}` : 'by other rows';
  return new ApiError(409, 'still_referenced', `${label}: cannot be deleted, still referred to ${by}.`);
}
// @end
// @if references

/** A property contains the id of a row that does not exist. */
export function unknownReference(path: string, label: string): ApiError {
  return new ApiError(422, 'unknown_reference', `${path} does not exist. Expected the id of: ${label}.`, [
    { in: 'body', path, message: `Expected the id of: ${label}` },
  ]);
}
// @end
// @if jointReferences

/** These properties together are not those of any row that they refer to. */
export function unknownReferences(paths: string[], label: string): ApiError {
  return new ApiError(
    422,
    'unknown_reference',
    `There is no row with this ${paths.join(' and ')}. Expected those of: ${label}.`,
    paths.map((path) => ({ in: 'body', path, message: `Expected those of: ${label}` })),
  );
}

/** Values cannot change while other rows refer to them. */
export function valuesInUse(label: string, paths: string[], referrers: string[]): ApiError {
  return new ApiError(
    409,
    'still_referenced',
    `${label}: ${paths.join(' and ')} cannot be changed, still referred to by: ${referrers.join(', ')}.`,
  );
}
// @end
// @if stubs

/** The operation is not implemented yet. */
export function notImplemented(summary: string): ApiError {
  return new ApiError(501, 'not_implemented', `Not implemented yet: ${summary}`);
}
// @end
// @if sender

/** The request has no valid credentials. */
export function unauthorized(message: string): ApiError {
  return new ApiError(401, 'unauthorized', message);
}
// @end
// @if wrongRole

/** The sender does not have a required role. */
export function wrongRole(roles: readonly string[]): ApiError {
  return new ApiError(403, 'forbidden', `Only for: ${roles.join(', ')}.`);
}
// @end
// @if forbidden

/** The sender may read the row, but only its owner may change it. */
export function forbidden(label: string): ApiError {
  return new ApiError(403, 'forbidden', `${label}: only its owner may change it.`);
}
// @end
