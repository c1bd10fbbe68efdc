import { describe, expect, it } from 'vitest'
import { parseCommand } from './commands.ts'

const id = '01jd8q4x7zk3m5n9p2r6s8t0vw'

describe('the text after the command', () => {
  it.each([
    ['', { kind: 'form' }],
    ['   ', { kind: 'form' }],
    ['help', { kind: 'help' }],
    ['Help?', { kind: 'help' }],
    ['?', { kind: 'help' }],
    ['LIST', { kind: 'list' }],
    ['status', { kind: 'status', jobId: null }],
    [`status ${id}`, { kind: 'status', jobId: id }],
    [`Status \`${id.toUpperCase()}\``, { kind: 'status', jobId: id }],
    [`cancel <https://example.com/jobs/${id}>`, { kind: 'cancel', jobId: id }],
    ['cancel', { kind: 'cancel', jobId: null }],
    [`retry ${id}`, { kind: 'retry', jobId: id }],
    ['status 01jd8q4x', { kind: 'status', jobId: '01jd8q4x' }],
    ['cancel please', { kind: 'cancel', jobId: null }],
    ['Please cancel it!', { kind: 'cancel', jobId: null }],
    ['can you cancel this job?', { kind: 'cancel', jobId: null }],
    ['stop', { kind: 'cancel', jobId: null }],
    ['retry that, please', { kind: 'retry', jobId: null }],
    ['what’s the status?', { kind: 'status', jobId: null }],
    [`status ${id} please`, { kind: 'status', jobId: id }],
    ['list my jobs', { kind: 'list' }],
    ['What can you do?', { kind: 'help' }],
    ['how does this work', { kind: 'help' }],
    ['hello!', { kind: 'small_talk' }],
    ['hi there', { kind: 'small_talk' }],
    ['thank you', { kind: 'small_talk' }],
    ['ok thanks!', { kind: 'small_talk' }],
    ['👍', { kind: 'small_talk' }],
  ])('%j is no prompt', (text, command) => {
    expect(parseCommand(text)).toEqual(command)
  })

  it.each([
    'list of books api',
    'cancel culture tracker app',
    'status page for my services',
    'status dashboard',
    'help desk',
    'stop watch',
    'what can you do app',
    'thanks giving planner',
    'list of my jobs at the office',
    'listing service',
    'retry queue',
    `status ${id} of orders`,
    'hello world api',
  ])('%j is a prompt', (prompt) => {
    expect(parseCommand(prompt)).toEqual({ kind: 'generate', prompt })
  })

  it.each([
    ['"list"', 'list'],
    ['“help”', 'help'],
    ["'status'", 'status'],
    ['  a todo app  ', 'a todo app'],
    ['line one\nline two', 'line one\nline two'],
  ])('%j asks for %j', (text, prompt) => {
    expect(parseCommand(text)).toEqual({ kind: 'generate', prompt })
  })
})
