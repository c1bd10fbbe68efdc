const MOST_NAMED = 3

/** `a, b and c`, or `a, b, c and 4 more`. */
export const listed = (names: readonly string[]): string =>
  names.length <= MOST_NAMED
    ? names.join(', ').replace(/, ([^,]*)$/, ' and $1')
    : `${names.slice(0, MOST_NAMED).join(', ')} and ${names.length - MOST_NAMED} more`
