import { describe, expect, it } from 'vitest'
import { applyRegions } from './regions.ts'

const source = [
  'start',
  '// @if auth',
  'with',
  '  // @if links',
  '  both',
  '  // @end',
  '// @else',
  'without',
  '// @end',
  '# @insert list',
].join('\n')
const apply = (...features: string[]) => applyRegions(source, new Set(features), { list: 'a\nb' }).split('\n')

describe('regions of a kit file', () => {
  it('keep what the project has a use for', () => {
    expect(apply()).toEqual(['start', 'without', 'a', 'b'])
    expect(apply('auth')).toEqual(['start', 'with', 'a', 'b'])
    expect(apply('auth', 'links')).toEqual(['start', 'with', '  both', 'a', 'b'])
    expect(apply('links')).toEqual(['start', 'without', 'a', 'b'])
  })

  it('are errors when they do not close, do not open or ask for nothing known', () => {
    const run = (text: string) => () => applyRegions(text, new Set(), {})
    expect(run('// @if x')).toThrow('not closed')
    expect(run('// @end')).toThrow('before it starts')
    expect(run('// @insert x')).toThrow('unknown insert x')
  })
})
