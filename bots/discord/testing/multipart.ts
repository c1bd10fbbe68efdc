/** Parses a multipart body: `payload_json` is the body, each `files[n]` a file. */
export function readMultipart(
  contentType: string,
  raw: Buffer,
): { body: unknown; files: { name: string; bytes: Buffer }[] } {
  const boundary = /boundary=(?:"([^"]+)"|([^;]+))/.exec(contentType)
  const delimiter = Buffer.from(`--${boundary?.[1] ?? boundary?.[2] ?? ''}`)
  const files: { name: string; bytes: Buffer }[] = []
  let body: unknown = {}
  let at = raw.indexOf(delimiter)
  while (at !== -1) {
    const next = raw.indexOf(delimiter, at + delimiter.length)
    if (next === -1) break
    const part = raw.subarray(at + delimiter.length + 2, next - 2)
    const split = part.indexOf('\r\n\r\n')
    const head = part.subarray(0, split).toString('utf8')
    const bytes = Buffer.from(part.subarray(split + 4))
    const name = /[ ;]name="([^"]*)"/.exec(head)?.[1] ?? ''
    if (name === 'payload_json') body = JSON.parse(bytes.toString('utf8'))
    else if (/^files\[\d+\]$/.test(name))
      files.push({ name: /filename="([^"]*)"/.exec(head)?.[1] ?? '', bytes })
    at = next
  }
  return { body, files }
}
