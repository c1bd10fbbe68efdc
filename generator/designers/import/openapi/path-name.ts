/** The name of a parameter of a path in code, which no URL shows: `user-id` is `user_id`. */
export const pathName = (name: string): string =>
  name
    .replaceAll(/\W/g, '_')
    .replace(/^(?=\d)/, '_')
    .slice(0, 60)
