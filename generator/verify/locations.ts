import { dirname, relative } from 'node:path'

export type Place = { readonly file: string; readonly line: number }

/** More places of one failure than anybody reads. */
const MAX_PLACES = 10

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

/** The places in the project's own files that a stack trace names, each once, the innermost first. */
export function placesIn(stack: string, project: string): Place[] {
  const found = new Map<string, Place>()
  const pattern = new RegExp(`${escaped(project)}/((?!node_modules/)[^\\s:()]+):(\\d+)`, 'g')
  for (const [, file, line] of stack.matchAll(pattern)) {
    if (found.size === MAX_PLACES) break
    const place = { file: file!, line: Number(line) }
    found.set(`${place.file}:${place.line}`, place)
  }
  return [...found.values()]
}

export const relativeTo = (project: string, file: string): string =>
  file.startsWith(`${project}/`) ? relative(project, file) : file

/**
 * A text of a run without what is of this machine: calls outside of the project's own files are left out, and paths start in the
 * project.
 */
export function withoutMachine(text: string, project: string): string {
  const isForeign = (line: string) =>
    /^\s+at .*(?:node:|\/)/.test(line) &&
    (!line.includes(`${project}/`) || line.includes(`${project}/node_modules/`))
  const workspace = dirname(project)
  return text
    .split('\n')
    .filter((line) => !isForeign(line))
    .join('\n')
    .replaceAll(new RegExp(`(?:file://)?${escaped(project)}/`, 'g'), '')
    .replaceAll(new RegExp(`(?:file://)?${escaped(workspace)}(?=/)`, 'g'), '')
}
