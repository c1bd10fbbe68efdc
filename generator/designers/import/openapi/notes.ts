/** What could not be converted exactly, once each, for the report. */
export type Notes = Set<string>
