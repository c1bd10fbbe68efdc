import { escape, span } from '../escape.ts'

/** Discord's Markdown, of the kinds that are sent: the rest would show as it is typed. */
export function markdown(text: string): string {
  const html: string[] = []
  const rows = text.split('\n')
  for (let at = 0; at < rows.length; at++) {
    const row = rows[at]!
    const group = (mark: string, wrap: (inner: string[]) => string) => {
      const inner: string[] = []
      for (; rows[at]?.startsWith(mark) === true; at++) inner.push(inline(rows[at]!.slice(mark.length)))
      at--
      html.push(wrap(inner))
    }
    if (row.startsWith('```')) {
      const end = rows.indexOf('```', at + 1)
      html.push(`<pre>${escape(rows.slice(at + 1, end).join('\n'))}</pre>`)
      at = end
    } else if (row.startsWith('> ')) group('> ', (inner) => `<blockquote>${inner.join('<br>')}</blockquote>`)
    else if (row.startsWith('- '))
      group('- ', (inner) => `<ul>${inner.map((one) => `<li>${one}</li>`).join('')}</ul>`)
    else if (row.startsWith('-# ')) html.push(`<div class="sub">${inline(row.slice(3))}</div>`)
    else if (row.startsWith('### ')) html.push(`<h3>${inline(row.slice(4))}</h3>`)
    else html.push(`<div class="p">${inline(row) || '&nbsp;'}</div>`)
  }
  return html.join('')
}

const PEOPLE: Readonly<Record<string, string>> = {
  '400000000000000001': 'ana',
  '400000000000000002': 'ben',
  '400000000000000009': 'chloé',
}

const TOKEN =
  /\\(?<plain>[^a-z0-9\s])|`(?<code>[^`]+)`|<@(?<user>\d+)>|<@&(?<role>\d+)>|<#(?<channel>\d+)>|\[(?<label>[^\]]+)\]\((?<url>https?:[^)]+)\)|\*\*(?<bold>(?:[^*\\]|\\.)+)\*\*|_(?<italic>[^_]+)_/gu

function inline(text: string): string {
  let html = ''
  let last = 0
  for (const match of text.matchAll(TOKEN)) {
    html += escape(text.slice(last, match.index))
    last = match.index + match[0].length
    const { plain, code, user, role, channel, label, url, bold, italic } = match.groups!
    if (plain !== undefined) html += escape(plain)
    else if (code !== undefined) html += `<code>${escape(code)}</code>`
    else if (user !== undefined) html += span('mention', `@${PEOPLE[user] ?? user}`)
    else if (role !== undefined) html += span('mention', '@admins')
    else if (channel !== undefined) html += span('mention', '#backends')
    else if (label !== undefined) html += `<a href="${escape(url!)}">${inline(label)}</a>`
    else if (bold !== undefined) html += `<b>${inline(bold)}</b>`
    else html += `<i>${inline(italic!)}</i>`
  }
  return html + escape(text.slice(last))
}
