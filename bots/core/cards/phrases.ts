import type { JobView, ModelUsage, Report } from '#contract'

/** Phrases shared by several messages. */

export function titleOf({ report, prompt, version }: JobView): string {
  if (report !== null) return version > 1 ? `${report.title}, version ${version}` : report.title
  return titleOfPrompt(prompt)
}

/** What a prompt asks for, before it goes into details: “A shop for used bikes: products with …”. */
export function titleOfPrompt(prompt: string): string {
  const first = (prompt.trim().split(/\r?\n/, 1)[0] ?? '').slice(0, TITLE_SOURCE)
  const line = withoutMarkup(first) || first
  const [topic] = /^.{10,60}?(?=[:;] |[.!?](?:\s|$))/.exec(line) ?? [line]
  return topic.length > 80 ? `${topic.slice(0, 79).trimEnd()}…` : topic
}

/** Marks of Markdown are removed from this much of a prompt, in UTF-16 code units: more than a title shows. */
const TITLE_SOURCE = 400

/** Names of threads and titles are plain text, which would show the marks of Markdown. */
const withoutMarkup = (line: string): string =>
  line
    .replace(/^\s*(?:#{1,6}|>|[-*+]|\d+[.)])\s+/, '')
    .replaceAll(/!?\[([^\]]*)\]\([^)\s]*\)/g, '$1')
    .replaceAll(/\*\*|__|~~|\|\||`+/g, '')
    .replaceAll(/(?<![\p{L}\p{N}])([*_])(\S(?:[^*_]*\S)?)\1(?![\p{L}\p{N}])/gu, '$2')
    .trim()

/** Depends only on the state, so that the channel message is edited just a few times. */
export function stateOf(view: JobView): string {
  switch (view.state) {
    case 'waiting':
      return view.needs === undefined ? 'Queued' : 'Plan ready, waiting for a decision'
    case 'active':
      return 'Building'
    case 'completed':
      return `Done${durationText(view.startedAt, view.finishedAt, ' in ')}${gapsText(view.report)}`
    case 'failed':
      return `Failed${durationText(view.startedAt, view.finishedAt, ' after ')}`
    case 'cancelled':
      return `Cancelled${durationText(view.startedAt, view.finishedAt, ' after ')}`
  }
}

/** "2 calls of gpt-4o, 1,500 tokens, $0.0123". */
export function costOf(ledger: ModelUsage, model: string): string {
  const tokens = ledger.inputTokens + ledger.outputTokens
  const cost = ledger.costUsd === null ? 'cost unknown' : `$${ledger.costUsd.toFixed(4)}`
  return `${count(ledger.calls, 'call')} of ${model}, ${tokens.toLocaleString('en')} tokens, ${cost}`
}

/** "$0.12", to the cent. */
export function costText({ costUsd }: ModelUsage): string {
  if (costUsd === null) return 'cost unknown'
  return costUsd < 0.005 ? 'under $0.01' : `$${costUsd.toFixed(2)}`
}

export const gapsText = (report: Report | null) =>
  report === null || report.gaps.length === 0 ? '' : `, with ${count(report.gaps.length, 'part')} to finish`

export function durationText(from: string | null, to: string | null, before = ''): string {
  if (from === null || to === null) return ''
  const ms = Date.parse(to) - Date.parse(from)
  return Number.isFinite(ms) && ms >= 0 ? `${before}${formatDuration(ms)}` : ''
}

export function formatDuration(ms: number): string {
  if (ms < 10_000) return `${(ms / 1000).toFixed(1)} s`
  const whole = Math.round(ms / 1000)
  return whole < 120 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`
}

export const count = (n: number, one: string, many = `${one}s`) => `${n} ${n === 1 ? one : many}`

/** The name of a parameter that only the generator's code knows says nothing to a person. */
export const pathText = (path: string): string => path.replaceAll(/:(?:left|right)Id\b/g, ':id')
