import { expect, it } from 'vitest'
import { readPostman } from './read-postman.ts'

const request = (name: string, url: unknown) => ({ name, request: { method: 'GET', url } })
const read = (...item: object[]) =>
  readPostman(
    JSON.stringify({
      info: { name: 'Shop', schema: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json' },
      variable: [{ key: 'socket', value: 'wss://shop.example' }],
      item,
    }),
  )

it('leaves out what is not sent by HTTP, and says so', () => {
  const { root, notes } = read(
    request('List orders', 'https://shop.example/orders'),
    request('Watch orders', { raw: 'ws://localhost:5000/orders', protocol: 'ws', path: ['orders'] }),
    request('Watch all', '{{socket}}/all'),
  )
  expect(Object.keys(root['paths'] as object)).toEqual(['/orders'])
  expect(notes).toContain('The request "Watch orders" is not built: it is sent by ws, not by HTTP.')
  expect(notes).toContain('The request "Watch all" is not built: it is sent by wss, not by HTTP.')
})
