const MAX_TEXT = 4000

export function describe(error: unknown): { message: string; stack: string } {
  if (!(error instanceof Error)) return { message: cut(String(error)), stack: '' }
  return { message: cut(`${error.name}: ${error.message}`), stack: cut(String(error.stack)) }
}

export function cut(text: string, length = MAX_TEXT): string {
  return text.length > length ? `${text.slice(0, length)}…` : text
}
