import { readFile } from 'node:fs/promises'
import { glob } from 'node:fs/promises'
import { parseSync } from 'oxc-parser'

/*
 * The sentences in the code of the bots, to see that each is in a picture. A sentence begins with a capital letter and has
 * at least three words.
 */

/** Words for operators, platforms and logs, which no chat shows. */
const NOT_SHOWN =
  /(?:config|config-main|admin-main|manifest|manifest-main|adapter|definitions|invite|register|connect|installations|start-\w+|workspaces|endpoint|errors|chat|custom-id|ports|bolt-log|api-client|chats|main|ports|required-permissions)\.ts$/
const SENTENCE = /^[“"]?[A-Z’][^\n]*\s[^\n]*\s/u

export type Sentence = { readonly file: string; readonly words: string }

export async function sentencesOf(folder: string): Promise<Sentence[]> {
  const found: Sentence[] = []
  for await (const file of glob(`${folder}/**/*.ts`)) {
    if (/\.test\.ts$|\/testing\//.test(file) || NOT_SHOWN.test(file)) continue
    const { program } = parseSync(file, await readFile(file, 'utf8'))
    visit(program, (words) => found.push({ file, words }))
  }
  return found.filter(({ words }) => SENTENCE.test(words))
}

type Node = { type?: string; [key: string]: unknown }

function visit(node: unknown, take: (words: string) => void): void {
  if (Array.isArray(node)) return node.forEach((one) => visit(one, take))
  if (typeof node !== 'object' || node === null) return
  const { type, ...fields } = node as Node
  // Errors that are thrown are for logs, unless they are texts of a constant.
  if (type === 'ThrowStatement') return
  if (type === 'Literal' && typeof fields['value'] === 'string') return take(fields['value'])
  if (type === 'TemplateElement') return take(((fields['value'] as { cooked?: string }).cooked ?? '').trim())
  for (const field of Object.values(fields)) visit(field, take)
}
