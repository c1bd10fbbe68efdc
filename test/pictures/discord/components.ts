import { ButtonStyle, ComponentType } from 'discord.js'
import { div, escape, span } from '../escape.ts'
import type { Shown } from '../shown.ts'
import { markdown } from './markdown.ts'

/*
 * Components as Discord's clients draw them. One that is not known here is an error: a picture of a message shows all of
 * it.
 */

type Json = { readonly [key: string]: unknown }
type File = Shown['file']
const list = (value: unknown): Json[] => (value ?? []) as Json[]
const words = (value: unknown): string => escape((value ?? '') as string)

export const componentsHtml = (components: unknown, file: File): string =>
  list(components)
    .map((one) => component(one, file))
    .join('')

function component(one: Json, file: File): string {
  switch (one['type']) {
    case ComponentType.Container: {
      const colour = one['accent_color'] as number | undefined
      const bar =
        colour === undefined ? '' : ` style="border-left-color: #${colour.toString(16).padStart(6, '0')}"`
      return `<div class="container${colour === undefined ? '' : ' accent'}"${bar}>${componentsHtml(one['components'], file)}</div>`
    }
    case ComponentType.TextDisplay:
      return div('text', markdown(one['content'] as string))
    case ComponentType.ActionRow:
      return div('actions', componentsHtml(one['components'], file))
    case ComponentType.Button:
      return div(`button ${ButtonStyle[one['style'] as number]}`, words(one['label']))
    case ComponentType.File:
      return fileHtml(file)
    case ComponentType.Separator:
      return '<hr>'
    case ComponentType.MediaGallery:
      return div('gallery', ...list(one['items']).map((item) => div('picture', words(item['description']))))
    case ComponentType.StringSelect:
      return select(one)
    case ComponentType.Label:
      return label(one)
    case ComponentType.TextInput: {
      const value = (one['value'] as string | undefined) || undefined
      const tall = one['style'] === 2 ? ' tall' : ''
      const shown = words(value ?? one['placeholder']).replaceAll('\n', '<br>')
      return div(`textbox${tall}${value === undefined ? ' empty' : ''}`, shown || '&nbsp;')
    }
    case ComponentType.FileUpload:
      return div('upload', 'Drop a file here or <b>browse</b>')
    default:
      throw new Error(`no picture of the component ${ComponentType[one['type'] as number]}`)
  }
}

function select(one: Json): string {
  const chosen = list(one['options']).find((option) => option['default'] === true)
  const shown = words(chosen?.['label'] ?? one['placeholder'] ?? 'Select')
  return div('select', span('', shown), span('chevron', '▾'))
}

function label(one: Json): string {
  const field = one['component'] as Json
  const required = field['required'] === false ? '' : span('required', ' *')
  const description = one['description'] === undefined ? '' : div('hint', words(one['description']))
  return div(
    'label',
    div('label-text', words(one['label']), required),
    description,
    component(field, undefined),
  )
}

function fileHtml(file: File): string {
  if (file === undefined) throw new Error('a message shows a file that it has not')
  const size = `${(file.bytes / 1024).toFixed(2)} KB`
  return div('file', div('file-icon'), div('', div('file-name', escape(file.name)), div('file-size', size)))
}
