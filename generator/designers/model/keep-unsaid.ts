import type { Blueprint, CustomOperation } from '#contract'

/** What only a document says of an operation stays as it was. */
export function withUnsaid(now: CustomOperation, { operations }: Blueprint): CustomOperation {
  const was = operations.find(({ id }) => id === now.id)
  if (!was) return now
  const { operationId, openQuery, cookies, bodyTypes, bodyMediaType, files, rawBody } = was
  const takesBytes = rawBody && now.body === null && now.method !== 'GET'
  return {
    ...(operationId !== undefined && { operationId }),
    ...(openQuery && { openQuery }),
    ...(cookies && { cookies }),
    ...(now.body?.kind === 'object' && { ...(bodyTypes && { bodyTypes }), ...(files && { files }) }),
    ...(now.body && bodyMediaType !== undefined && { bodyMediaType }),
    ...(takesBytes && { rawBody }),
    ...now,
  }
}
