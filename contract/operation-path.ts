/** The path of an operation: `:name` is a parameter, `::` a colon. */

const PART = /:(:|[a-zA-Z0-9_]+)/g

/** A path with a text in place of each parameter. */
export const fillPath = (path: string, fill: (name: string) => string): string =>
  path.replaceAll(PART, (_, name: string) => (name === ':' ? ':' : fill(name)))

/** The names of the parameters, in their order. */
export const paramsInPath = (path: string): string[] =>
  [...path.matchAll(PART)].flatMap(([, name]) => (name === ':' ? [] : [name!]))
