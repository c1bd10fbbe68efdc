/** Windows opens a device for these, whatever the extension and the case. */
const WINDOWS_DEVICE = /^(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)/i

/** Whether Windows takes this name of a file or folder, with or without an extension, for a device. */
export const isWindowsDevice = (name: string): boolean => WINDOWS_DEVICE.test(name)

/** A name that every system can give a file or folder: `con` becomes `con_`. Neither dots nor spaces at its end. */
export function portableName(name: string): string {
  const trimmed = name.replace(/[. ]+$/, '') || '_'
  if (!isWindowsDevice(trimmed)) return trimmed
  const dot = trimmed.indexOf('.')
  return dot === -1 ? `${trimmed}_` : `${trimmed.slice(0, dot)}_${trimmed.slice(dot)}`
}
