import { relative } from 'node:path'

/** The first location in the project's own files that a stack trace names. */
export function locate(stack: string, project: string): { file: string; line: number } | null {
  const escaped = project.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  const match = new RegExp(`(?:file://)?${escaped}/((?!node_modules/)[^\\s:()]+):(\\d+)`).exec(stack)
  return match ? { file: match[1]!, line: Number(match[2]) } : null
}

export const relativeTo = (project: string, file: string): string =>
  file.startsWith(`${project}/`) ? relative(project, file) : file

export const withoutFolder = (text: string, project: string): string =>
  text.replaceAll(`file://${project}/`, '').replaceAll(`${project}/`, '')
