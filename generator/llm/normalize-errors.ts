/**
 * A fetch that normalizes error bodies to `{"error": …}`, which the client expects: Gemini sends a list of them, and
 * older servers send the bare error object.
 */
export const fetchWithNormalizedErrors: typeof fetch = async (input, init) => {
  const response = await fetch(input, init)
  if (response.status < 400 || response.status >= 500) return response
  const text = await response.text()
  const { status, statusText } = response
  const headers = new Headers(response.headers)
  // The body is decompressed and may differ in length.
  headers.delete('content-encoding')
  headers.delete('content-length')
  return new Response(normalize(text), { status, statusText, headers })
}

function normalize(text: string): string {
  try {
    const body: unknown = JSON.parse(text)
    const first: unknown = Array.isArray(body) ? body[0] : body
    if (typeof first !== 'object' || first === null) return text
    return JSON.stringify('error' in first ? first : { error: first })
  } catch {
    return text
  }
}
