import { posix } from 'node:path'

/** A document, with its path from the repository root. */
export type Text = { readonly path: string; readonly text: string }

/** Valid targets of references. */
export type Repository = {
  /** Every file, from the root. */
  readonly files: ReadonlySet<string>
  /** npm scripts of this project and of generated projects. */
  readonly scripts: ReadonlySet<string>
  readonly readText: (path: string) => string
}

/** Documented files that only exist in generated projects. */
const GENERATED = new Set(['GENERATION_REPORT.md', 'tests/upgrade.test.ts'])

/** The anchor of a heading on GitHub. */
const slug = (heading: string) =>
  heading
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(/\s/g, '-')

function anchorsOf(text: string): Set<string> {
  const anchors = new Set<string>()
  for (const [, heading] of text.replaceAll(/^```[\s\S]*?^```/gm, '').matchAll(/^#+ (.*)$/gm)) {
    const base = slug(heading!)
    let anchor = base
    for (let count = 1; anchors.has(anchor); count++) anchor = `${base}-${count}`
    anchors.add(anchor)
  }
  return anchors
}

/** `a/{b,c}` as `a/b` and `a/c`. */
const spread = (path: string): string[] => {
  const braces = /^(.*?)\{([^}]*)\}(.*)$/.exec(path)
  return braces === null
    ? [path]
    : braces[2]!.split(',').flatMap((part) => spread(`${braces[1]}${part}${braces[3]}`))
}

/** Whether a path equals, or ends with, this path. `*` matches within a name. */
function exists({ files }: Repository, path: string, where: 'whole' | 'end' | 'anywhere'): boolean {
  const body = path
    .replace(/\/$/, '')
    .replaceAll(/[.+?^$()|[\]\\]/g, String.raw`\$&`)
    .replaceAll('*', '[^/]*')
  const pattern = {
    whole: `^${body}(?:/|$)`,
    end: `(?:^|/)${body}(?:/|$)`,
    anywhere: body,
  }[where]
  const wanted = new RegExp(pattern)
  return [...files].some((file) => wanted.test(file))
}

/** Links of Markdown, and their anchors. */
function brokenLinks(repository: Repository, { path, text }: Text): string[] {
  const prose = text.replaceAll(/^```[\s\S]*?^```/gm, '')
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, target]) => {
    if (/^[a-z]+:/.test(target!)) return []
    const [link, anchor] = target!.split('#') as [string, string?]
    const to = link === '' ? path : posix.normalize(posix.join(posix.dirname(path), link))
    if (link !== '' && !exists(repository, to, 'whole')) return [`link to ${target}`]
    const found = anchor === undefined || anchorsOf(link === '' ? text : repository.readText(to)).has(anchor)
    return found ? [] : [`anchor ${target}`]
  })
}

/** Commands that run files or scripts of the repository. */
function brokenCommands(repository: Repository, text: string): string[] {
  const scripts = [...text.matchAll(/\b(?:npm|bun) run (?:-s )?([a-z][\w:-]*)/g)]
    .filter(([, name]) => !repository.scripts.has(name!))
    .map(([command]) => command)
  const programs = [...text.matchAll(/\bnode ((?:[\w.-]+\/)*[\w.-]+\.m?[jt]s)\b/g)]
    .filter(([, file]) => !repository.files.has(file!) && !exists(repository, `kit/files/${file}`, 'end'))
    .map(([command]) => command)
  const tests = [...text.matchAll(/\bvitest run((?: [\w./-]+)*)/g)].flatMap(([, paths]) =>
    paths!
      .split(' ')
      .filter((part) => /^\w.*\//.test(part) && !exists(repository, part, 'anywhere'))
      .map((part) => `vitest run ${part}`),
  )
  return [...scripts, ...programs, ...tests]
}

/** Paths between backticks: from the root, or the end of one where it names a file of code. */
function brokenPaths(repository: Repository, text: string): string[] {
  const folders = new Set([...repository.files].map((file) => file.split('/')[0]!))
  return [...text.matchAll(/`([\w.@*{},/-]+)`/g)].flatMap(([, span]) => {
    if (GENERATED.has(span!)) return []
    const fromRoot = span!.includes('/') && folders.has(span!.split('/')[0]!)
    const ofCode = /\.(?:m?ts|md)$/.test(span!) && !span!.startsWith('.')
    if (!fromRoot && !ofCode) return []
    return spread(span!)
      .filter((path) => !exists(repository, path, 'end'))
      .map((path) => `path ${path}`)
  })
}

/** Paths of documents in any text. */
export function brokenDocumentPaths({ files }: Repository, text: string): string[] {
  const named = text.matchAll(
    /(?<![\w/:.-])(?:\.\.?\/)*(docs\/(?:(?:[\w-]+\/)*[\w-]+\.md|(?:guide|operate|develop|adr)(?:\/[\w-]+)*(?:\.png)?))/g,
  )
  return [...named].flatMap(([, path]) =>
    [...files].some((file) => file === path || file.startsWith(`${path}/`)) ? [] : [`document ${path}`],
  )
}

/** Broken links, anchors, commands and paths in a document. */
export function brokenReferences(repository: Repository, { path, text }: Text): string[] {
  return [
    ...(path.endsWith('.md')
      ? [...brokenLinks(repository, { path, text }), ...brokenPaths(repository, text)]
      : []),
    ...brokenCommands(repository, text),
    ...brokenDocumentPaths(repository, text),
  ]
}
