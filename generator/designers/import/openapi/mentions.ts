/** Finds the notes about a part of a document. */
export type Mentions = {
  /** Those that name it: a route, a parameter of a route, or a schema. */
  readonly of: (name: string) => string[]
  readonly matching: (pattern: RegExp) => string | undefined
}

/** Each note is read once: documents of a megabyte have thousands of both. */
export function makeMentions(notes: readonly string[]): Mentions {
  const byName = new Map<string, string[]>()
  const keep = (name: string, note: string) => {
    const known = byName.get(name)
    if (known === undefined) byName.set(name, [note])
    else if (known.at(-1) !== note) known.push(note)
  }
  for (const note of notes) {
    // Names of the document stand alone: `limit of GET /pets is treated as text.`
    const words = note
      .split(/\s+/)
      .slice(0, 200)
      .map((word) => word.replace(/[:.,;]+$/, ''))
    for (const [index, word] of words.entries()) {
      if (word === '') continue
      keep(word, note)
      const next = words[index + 1]
      if (!METHOD.test(word) || next === undefined) continue
      keep(`${word} ${next}`, note)
      if (words[index - 1] === 'of') keep(`${words[index - 2]} of ${word} ${next}`, note)
    }
  }
  return {
    of: (name) => byName.get(name) ?? [],
    matching: (pattern) => notes.find((note) => pattern.test(note)),
  }
}

const METHOD = /^(GET|PUT|POST|DELETE|PATCH|HEAD|OPTIONS|TRACE)$/
