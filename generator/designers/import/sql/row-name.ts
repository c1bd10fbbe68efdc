/** A name that JSON, TypeScript and SQL share without quotes. */
export const ROW_NAME = /^[a-zA-Z_][a-zA-Z0-9_]{0,62}$/
