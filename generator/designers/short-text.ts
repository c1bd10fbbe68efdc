/** Shortens a model's text for a Blueprint: trimmed, at most 500 UTF-16 code units, without a split character. */
export const shortText = (text: string): string => text.trim().slice(0, 500).toWellFormed()
