/** Truncates to `max` UTF-16 code units including an ellipsis, without splitting a surrogate pair. */
export function truncate(text: string, max: number): string {
  if (text.length <= max) return text
  const kept = text.slice(0, max - 1)
  return `${kept.replace(/[\uD800-\uDBFF]$/, '').trimEnd()}…`
}
