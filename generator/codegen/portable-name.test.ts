import { expect, it } from 'vitest'
import { isWindowsDevice, portableName } from './portable-name.ts'

it.each([
  ['con', 'con_'],
  ['NUL', 'NUL_'],
  ['com1', 'com1_'],
  ['lpt¹', 'lpt¹_'],
  ['aux.tar', 'aux_.tar'],
  ['prn.', 'prn_'],
  ['notes. .', 'notes'],
  ['...', '_'],
  ['con-api', 'con-api'],
  ['console', 'console'],
  ['com10', 'com10'],
])('names %j so that every system takes it: %j', (name, expected) => {
  expect(portableName(name)).toBe(expected)
  expect(isWindowsDevice(portableName(name))).toBe(false)
})
