import type { Node } from './document.ts'
import type { Notes } from './notes.ts'
import { listOf, nodeOf, textOf } from './resolve.ts'

/** The path of a server that routes are served under. Empty for `/`. */
const BASE_PATH = /^(\/(?!\.{1,2}(\/|$))[a-zA-Z0-9._~-]+)*$/
const MAX_BASE_PATH = 100

/**
 * The path of the first server: that of the operation, else of its path, else of the document. Variables have their
 * defaults.
 */
export function basePathOf(levels: readonly Node[], notes: Notes): string {
  const servers = levels.map((node) => listOf(node['servers'])).find((list) => list.length > 0) ?? []
  const paths = servers.map((server) => pathOf(nodeOf(server)))
  const first = paths.length === 0 ? '' : paths[0]
  if (first === undefined || first.length > MAX_BASE_PATH || !BASE_PATH.test(first)) {
    notes.add(
      `The base path of the server ${textOf(nodeOf(servers[0])['url']) ?? ''} is not supported: its routes are served without it.`,
    )
    return ''
  }
  const others = new Set(paths.filter((path) => path !== first))
  if (others.size > 0)
    notes.add(
      `Routes are served under ${first === '' ? '/' : first}, the path of the first server; those of the other servers are ignored.`,
    )
  return first
}

/** Undefined if it is not a URL. */
function pathOf({ url, variables }: Node): string | undefined {
  const known = nodeOf(variables)
  const filled = (textOf(url) ?? '/').replaceAll(/\{([^{}]*)\}/g, (_, name: string) =>
    Object.hasOwn(known, name) ? String(nodeOf(known[name])['default'] ?? '') : '',
  )
  const parsed = URL.parse(filled, 'http://localhost')
  return parsed?.pathname.replace(/\/+$/, '')
}
