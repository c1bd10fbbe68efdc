import type { ProjectFile } from '../ports.ts'
import { isWindowsDevice } from './portable-name.ts'

/** What a set of generated files may be. Sizes are bytes of UTF-8. */
export const PROJECT_LIMITS = {
  files: 2000,
  depth: 12,
  pathBytes: 240,
  segmentBytes: 120,
  fileBytes: 1_000_000,
  totalBytes: 20_000_000,
} as const

export type ProjectLimits = { readonly [limit in keyof typeof PROJECT_LIMITS]: number }

export type PathProblem = { readonly path: string; readonly message: string }

/** Controls, line ends, what changes the direction of text, and what some file systems leave out of a name. */
const INVISIBLE = /[\p{Cc}\p{Default_Ignorable_Code_Point}\u2028\u2029]/u
/** Never part of a project, at any depth; with the names that Windows may know them by. */
const FOREIGN = /^(node_modules|\.git|git~\d+|node_m~\d+)$/i
const WINDOWS_RESERVED = /[<>:"|?*\\]/

/** Why one path cannot be used on every system that will unpack it, or null. */
function problemOfPath(path: string, limits: ProjectLimits): string | null {
  if (path === '') return 'is empty; expected a relative path such as src/index.ts'
  if (INVISIBLE.test(path)) return 'holds a control or direction character, or one that cannot be seen'
  if (!path.isWellFormed()) return 'is not well-formed Unicode'
  if (path.startsWith('/') || /^[a-zA-Z]:/.test(path)) return 'is absolute; expected a relative path'
  if (path.includes('\\')) return 'holds a backslash; expected / between folders'
  if (Buffer.byteLength(path) > limits.pathBytes) return `is longer than ${limits.pathBytes} bytes`
  const segments = path.split('/')
  if (segments.length > limits.depth) return `is deeper than ${limits.depth} folders`
  for (const segment of segments) {
    if (segment === '') return 'holds an empty segment'
    if (segment === '.' || segment === '..') return 'leaves or repeats a folder with . or ..'
    if (/[. ]$/.test(segment)) return `has a segment that ends in a dot or a space: "${segment}"`
    if (segment.startsWith(' ')) return `has a segment that starts with a space: "${segment}"`
    if (WINDOWS_RESERVED.test(segment)) return `holds a character that Windows refuses: "${segment}"`
    if (FOREIGN.test(segment)) return `is inside ${segment}, which is never part of a project`
    if (isWindowsDevice(segment)) return `has the name of a Windows device: "${segment}"`
    if (Buffer.byteLength(segment) > limits.segmentBytes)
      return `has a segment of more than ${limits.segmentBytes} bytes`
  }
  return null
}

/** Folds what some file system cannot tell apart: cases (ß is SS), compositions, widths. Rather too much than too little. */
const fold = (path: string): string => path.normalize('NFKC').toUpperCase().toLowerCase().normalize('NFKC')

function* folders(path: string): Generator<string> {
  for (let slash = path.indexOf('/'); slash !== -1; slash = path.indexOf('/', slash + 1))
    yield path.slice(0, slash)
}

/** Every reason why these files cannot be written as one folder on any system. Touches no disk. */
export function checkPaths(
  files: readonly ProjectFile[],
  limits: ProjectLimits = PROJECT_LIMITS,
): PathProblem[] {
  const problems: PathProblem[] = []
  if (files.length === 0) problems.push({ path: '', message: 'the project has no files' })
  if (files.length > limits.files)
    problems.push({ path: '', message: `${files.length} files; at most ${limits.files} are allowed` })

  let total = 0
  const spelling = new Map<string, string>()
  const fileNames = new Set<string>()
  for (const { path, content } of files) {
    const problem = problemOfPath(path, limits)
    if (problem) problems.push({ path, message: problem })
    const bytes = Buffer.byteLength(content)
    total += bytes
    if (bytes > limits.fileBytes)
      problems.push({ path, message: `has ${bytes} bytes; at most ${limits.fileBytes} are allowed` })

    const key = fold(path)
    if (fileNames.has(key))
      problems.push({ path, message: `is the same file as ${spelling.get(key) ?? path}` })
    fileNames.add(key)
    for (const name of [...folders(path), path]) {
      const earlier = spelling.get(fold(name))
      if (earlier === undefined) spelling.set(fold(name), name)
      else if (earlier !== name && fold(name) !== key)
        problems.push({ path, message: `spells the folder ${earlier} as ${name}` })
    }
  }
  for (const { path } of files)
    for (const folder of folders(path))
      if (fileNames.has(fold(folder)))
        problems.push({ path, message: `lies in ${folder}, which is also a file` })
  if (total > limits.totalBytes)
    problems.push({ path: '', message: `${total} bytes in all; at most ${limits.totalBytes} are allowed` })
  return problems
}
