/** Text for HTML. */
export const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

export const div = (name: string, ...inner: readonly string[]): string =>
  `<div class="${name}">${inner.join('')}</div>`
export const span = (name: string, ...inner: readonly string[]): string =>
  `<span class="${name}">${inner.join('')}</span>`
