import { expect, it } from 'vitest'
import { typedText } from './unescape.ts'

it.each([
  ['<@UBOT> a todo app', 'a todo app'],
  ['<@UBOT|generator>   a   todo app <@UBOT>', 'a todo app'],
  ['like <https://example.com/a?b=1&amp;c=2>', 'like https://example.com/a?b=1&c=2'],
  ['like <https://example.com|example.com>', 'like https://example.com'],
  ['like <https://example.com|this one>', 'like this one (https://example.com)'],
  ['mail <mailto:a@b.c|a@b.c>', 'mail mailto:a@b.c'],
  ['for <@U5> and <@U6|bob> in <#C1|general>', 'for @U5 and @bob in #general'],
  ['for <!here> and <!subteam^S1|@ops>', 'for @here and @ops'],
  ['List&lt;Book&gt; &amp;amp; more', 'List<Book> &amp; more'],
  ['line one\nline two', 'line one\nline two'],
])('%j was typed as %j', (markup, text) => {
  expect(typedText(markup, 'UBOT')).toBe(text)
})
