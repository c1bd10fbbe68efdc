/** A model's sentence as a Blueprint takes it: trimmed, at most 500 UTF-16 code units, without half a character at the end. */
export const shortText = (text: string): string => text.trim().slice(0, 500).toWellFormed()
