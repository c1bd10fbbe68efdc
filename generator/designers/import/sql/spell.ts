import type { Token } from './tokens.ts'

/** As it could be written: `lower(email)`. */
export const spell = (tokens: readonly Token[]): string =>
  tokens
    .slice(0, 60)
    .map(({ kind, text }) => (kind === 'text' ? `'${text}'` : text))
    .join(' ')
    .replaceAll(/ ?([(.]|::) ?/g, '$1')
    .replaceAll(/ ([),])/g, '$1')
