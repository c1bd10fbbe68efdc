import type { AttachedFile } from '../core/payloads.ts'
import type { CommandInteraction } from './payloads.ts'

/** Reads the options of a command or of its subcommand. */
export function commandOptions({ data }: { data: CommandInteraction['data'] }) {
  const top = 'options' in data ? data.options : []
  const sub = top.find(({ options }) => options !== undefined || (top.length === 1 && isSubcommand(top[0])))
  const options = sub?.options ?? top
  const find = (name: string) => options.find((option) => option.name === name)?.value
  return {
    subcommand: sub?.name ?? null,
    /** The value of the option being typed. */
    focused: options.find(({ focused }) => focused)?.value ?? null,
    text(name: string): string | null {
      const value = find(name)
      return typeof value === 'string' ? value : null
    },
    file(name: string): AttachedFile | null {
      const id = find(name)
      return typeof id === 'string' ? (data.resolved.attachments?.[id] ?? null) : null
    },
  }
}

/** A subcommand without options has no value either. */
const isSubcommand = (option: { value?: unknown } | undefined) =>
  option !== undefined && option.value === undefined
