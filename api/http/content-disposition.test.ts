import { describe, expect, it } from 'vitest'
import { attachment } from './content-disposition.ts'

describe('the name of a download', () => {
  it('is plain where it is ASCII', () => {
    expect(attachment('todo-api.zip')).toBe('attachment; filename="todo-api.zip"')
  })

  it('is given in ASCII and exactly where it is not', () => {
    expect(attachment('Bücher (neu).zip')).toBe(
      `attachment; filename="Bucher (neu).zip"; filename*=UTF-8''B%C3%BCcher%20%28neu%29.zip`,
    )
    expect(attachment('图书.zip')).toBe(
      `attachment; filename="__.zip"; filename*=UTF-8''%E5%9B%BE%E4%B9%A6.zip`,
    )
  })

  it('cannot break out of its header', () => {
    const hostile = 'a"; x=\r\nSet-Cookie: y=\\/%\ud800.zip'
    expect(attachment(hostile)).toMatch(/^attachment; filename="[^"\\\r\n]*"; filename\*=UTF-8''[\w%.~!-]*$/)
  })
})
