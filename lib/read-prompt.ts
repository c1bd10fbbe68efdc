import { readFileSync } from 'node:fs'

const PLACEHOLDER = /\{\{([A-Z_]+)\}\}/g

/**
 * Reads a prompt from a Markdown file beside the code; call it when a module loads. Without values, placeholders stay
 * for `fillPrompt`. The last line break of the file is not part of the prompt.
 */
export function readPrompt(file: URL, values?: Readonly<Record<string, string>>): string {
  // Git may check files out with CRLF; a prompt is the same text everywhere.
  const text = readFileSync(file, 'utf8').replaceAll('\r\n', '\n').replace(/\n$/, '')
  return values === undefined ? text : fillPrompt(text, values)
}

/**
 * Replaces each `{{NAME}}`; placeholders within a value stay as they are. Throws for a placeholder without a value and
 * a value without a placeholder.
 */
export function fillPrompt(template: string, values: Readonly<Record<string, string>>): string {
  const used = new Set<string>()
  const filled = template.replaceAll(PLACEHOLDER, (_, name: string) => {
    const value = values[name]
    if (value === undefined)
      throw new Error(`The prompt has a placeholder {{${name}}}, but no value was given.`)
    used.add(name)
    return value
  })
  const unused = Object.keys(values).filter((name) => !used.has(name))
  if (unused.length > 0) throw new Error(`The prompt has no placeholder for ${unused.join(', ')}.`)
  return filled
}
