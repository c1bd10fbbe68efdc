import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { brokenDocumentPaths, brokenReferences, type Repository } from './support/document-references.ts'

const root = join(import.meta.dirname, '..')
const readText = (path: string) => readFileSync(join(root, path), 'utf8')
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter((path) => path !== '' && existsSync(join(root, path)))

const generated = files.filter((path) => /^test\/golden\/[^/]+\/package\.json$/.test(path))
const scripts = ['package.json', ...generated].flatMap((path) =>
  Object.keys((JSON.parse(readText(path)) as { scripts?: object }).scripts ?? {}),
)
const repository: Repository = { files: new Set(files), scripts: new Set(scripts), readText }

/** Texts that are rendered, recorded or instructions to a model. */
const rendered = /\/kit\/|^test\/(?:golden\/.*\/|fixtures\/|peers\/)|^docs\/guide\/examples\/\w+\/(?!README)/
const documents = files.filter(
  (path) =>
    !rendered.test(path) &&
    (/^[^/]*\.md$|^docs\/.*\.md$|README\.md$/.test(path) ||
      /^(?:\.env\.example|docker-compose.*\.yml)$/.test(path)),
)
const code = files.filter((path) => /\.m?ts$/.test(path) && path !== 'test/documents.test.ts')

/** Words of a private dialect: docs/glossary.md has those of the field. */
const PRIVATE_WORDS = /\b(?:told|heard|whoever|anew|mended|somebody|lets go|is asked for|followers?)\b/gi
/** Written by a command, with messages as they were that day. */
const recorded = new Set(['docs/develop/hostile-model.md', 'docs/develop/plausible-model.md'])

describe('the documents', () => {
  it.each(documents)('%s names nothing that does not exist', (path) => {
    expect(brokenReferences(repository, { path, text: readText(path) })).toEqual([])
  })

  it.each(documents.filter((path) => !recorded.has(path)))('%s uses the words of the glossary', (path) => {
    const prose = readText(path).replaceAll(/^```[\s\S]*?^```|`[^`]*`/gm, '')
    expect(prose.match(PRIVATE_WORDS) ?? []).toEqual([])
  })

  it('that code and messages name exist', () => {
    expect(
      code.flatMap((path) =>
        brokenDocumentPaths(repository, readText(path)).map((broken) => `${path}: ${broken}`),
      ),
    ).toEqual([])
  })

  it('include every one that a person starts with', () => {
    expect(documents).toEqual(
      expect.arrayContaining(['README.md', 'CONTRIBUTING.md', '.env.example', 'docker-compose.yml']),
    )
  })

  it('that help with a message quote it as the programs print it', () => {
    const printed = code
      .filter((path) => !path.endsWith('.test.ts'))
      .map((path) => readText(path))
      .join('\n')
      .replaceAll(/['`"]\s*\+\s*['`"]/g, '')
      .replaceAll(String.raw`\'`, "'")
      .replaceAll(/\$\{[^}]*\}/g, '…')
    const cells = [...readText('docs/operate/troubleshooting.md').matchAll(/^\| (`.*?) \|/gm)].map(
      ([, cell]) => cell!,
    )
    const quoted = cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, message]) => message!))
    expect(quoted.length).toBeGreaterThan(40)
    const notPrinted = quoted
      // bubblewrap's own messages.
      .filter((message) => !message.startsWith('bwrap: '))
      .flatMap((message) => message.split('…').map((part) => part.trim()))
      .filter((part) => part.length > 7 && !printed.includes(part))
    expect(notPrinted).toEqual([])
  })

  it('define each term of the glossary once, in alphabetical order', () => {
    const terms = [...readText('docs/glossary.md').matchAll(/^\| \*\*(.+?)\*\*/gm)].map(([, term]) =>
      term!.toLowerCase(),
    )
    expect(terms.length).toBeGreaterThan(40)
    expect(terms).toEqual([...new Set(terms)].toSorted())
  })

  it.each([
    ['a link', '[Slack](operate/slck.md)', 'link to operate/slck.md'],
    ['an anchor in another document', '[Slack](operate/slack.md#skopes)', 'anchor operate/slack.md#skopes'],
    ['an anchor of its own', '# Here\n\n[there](#there)', 'anchor #there'],
    ['a path', 'See `bots/slack/no-such-file.ts`.', 'path bots/slack/no-such-file.ts'],
    ['the end of a path', 'See `no-such-file.ts`.', 'path no-such-file.ts'],
    ['a path with choices', 'See `{api,nowhere}/main.ts`.', 'path nowhere/main.ts'],
    ['a folder', 'See `test/nowhere/`.', 'path test/nowhere/'],
    ['a script', '```sh\nnpm run nothing -- --now\n```', 'npm run nothing'],
    ['a program', '```sh\nnode api/nothing.ts\n```', 'node api/nothing.ts'],
    ['a test', '`npx vitest run api/nothing`', 'vitest run api/nothing'],
    ['a document', 'docs/operate/nothing.md has the rest', 'document docs/operate/nothing.md'],
  ])('are found out when they name %s that is not there', (_kind, text, broken) => {
    expect(brokenReferences(repository, { path: 'docs/planted.md', text })).toEqual([broken])
  })

  it('may name what is there', () => {
    const text = [
      '# Here',
      '[here](#here), [scopes](operate/slack.md#scopes), [folder](adr/), [site](https://example.com/docs/x.md)',
      '`bots/*/post.ts`, `api/`, `npm run keys -- create ci`, `node api/main.ts`, `npx vitest run test/documents`',
      'docs/operate/slack.md, docs/adr',
    ].join('\n\n')
    expect(brokenReferences(repository, { path: 'docs/planted.md', text })).toEqual([])
  })
})
