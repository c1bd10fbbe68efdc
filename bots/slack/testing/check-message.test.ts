import { describe, expect, test } from 'vitest'
import { checkMessage, checkView, messageProblems } from './check-message.ts'

const plain = (text: string) => ({ type: 'plain_text', text })
const section = (text: string) => ({ type: 'section', text: plain(text) })
const button = (over: object) => ({
  type: 'actions',
  elements: [{ type: 'button', text: plain('Go'), action_id: 'go', value: '1', ...over }],
})
const task = (over: object) => ({ type: 'task_card', task_id: '1', title: 'x', status: 'pending', ...over })

describe('the check of messages', () => {
  test('accepts a valid message', () => {
    const plan = { type: 'plan', title: 'Working', tasks: [task({})] }
    expect(messageProblems({ text: 'hello', blocks: [section('hello'), plan, button({})] })).toEqual([])
    checkMessage({ text: 'hello' })
    checkView({ type: 'modal', title: plain('Short'), blocks: [section('hello')] })
  })

  test.each([
    ['no text', { text: ' ', blocks: [section('x')] }, 'text is empty'],
    ['a text that is too long', { text: 'x'.repeat(4_001) }, '4001 characters'],
    ['too many blocks', { text: 'x', blocks: Array.from({ length: 51 }, () => section('x')) }, '51 blocks'],
    [
      'too much text in all',
      { text: 'x', blocks: Array.from({ length: 5 }, () => section('x'.repeat(2_900))) },
      'together',
    ],
    ['a section that is too long', { text: 'x', blocks: [section('x'.repeat(3_001))] }, '3001 characters'],
    ['an empty section', { text: 'x', blocks: [section('')] }, 'has no text'],
    [
      'a header that is too long',
      { text: 'x', blocks: [{ type: 'header', text: plain('x'.repeat(151)) }] },
      '151',
    ],
    [
      'a value that is too long',
      { text: 'x', blocks: [button({ value: 'x'.repeat(2_001) })] },
      'value has 2001',
    ],
    [
      'a confirmation that is too long',
      {
        text: 'x',
        blocks: [
          button({
            confirm: {
              title: plain('x'.repeat(101)),
              text: plain('x'),
              confirm: plain('x'),
              deny: plain('x'),
            },
          }),
        ],
      },
      'confirm.title has 101',
    ],
    [
      'a task of an unknown status',
      { text: 'x', blocks: [{ type: 'plan', title: 'x', tasks: [task({ status: 'done' })] }] },
      'tasks[0]',
    ],
    [
      'a property that Slack does not know',
      { text: 'x', blocks: [{ ...section('x'), colour: 'red' }] },
      'additional properties',
    ],
    ['an unknown block', { text: 'x', blocks: [{ type: 'poem' }] }, 'unknown type: poem'],
    [
      'an empty rich text',
      {
        text: 'x',
        blocks: [
          {
            type: 'rich_text',
            elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: '' }] }],
          },
        ],
      },
      'empty text',
    ],
    [
      'a call to everybody in markup',
      { text: 'x', blocks: [{ type: 'section', text: { type: 'mrkdwn', text: 'hi <!channel>' } }] },
      'calls everybody',
    ],
    [
      'a call to everybody in rich text',
      {
        text: 'x',
        blocks: [
          {
            type: 'rich_text',
            elements: [{ type: 'rich_text_section', elements: [{ type: 'broadcast', range: 'here' }] }],
          },
        ],
      },
      'calls everybody',
    ],
  ])('finds %s', (_what, message, problem) => {
    expect(messageProblems(message).join('\n')).toContain(problem)
    expect(() => checkMessage(message)).toThrow('Slack would not take this message')
  })

  test('finds a modal without a title, or with one that is too long', () => {
    expect(() => checkView({ type: 'modal', blocks: [] })).toThrow('a modal has a title')
    expect(() => checkView({ type: 'modal', title: plain('x'.repeat(25)), blocks: [] })).toThrow(
      '25 characters',
    )
  })
})
