/**
 * A `Content-Disposition` header for `filename`: an ASCII fallback for old clients, and the exact name by RFC 5987.
 */
export function attachment(filename: string): string {
  const plain = filename
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^\x20-\x7e]|["\\%/]/gu, '_')
  if (plain === filename) return `attachment; filename="${plain}"`
  return `attachment; filename="${plain}"; filename*=UTF-8''${encode(filename.toWellFormed())}`
}

const encode = (text: string) =>
  encodeURIComponent(text).replace(/['()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
