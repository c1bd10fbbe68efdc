/** Variables in an example file, set or commented out: `NAME=` or `# NAME=` at the start of a line. */
export const exampleVariables = (text: string): string[] =>
  [...text.matchAll(/^(?:# ?)?([A-Z][A-Z0-9_]*)=/gm)].map((match) => match[1]!)
