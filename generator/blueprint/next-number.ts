/** The next number in a direction: none lies between, so a bound beside it is the same as one that leaves it out. */
export function nextNumber(value: number, direction: 1 | -1): number {
  if (!Number.isFinite(value)) return value
  if (value === 0) return direction * Number.MIN_VALUE
  const view = new DataView(new ArrayBuffer(8))
  view.setFloat64(0, value)
  view.setBigInt64(0, view.getBigInt64(0) + BigInt(direction * Math.sign(value)))
  return view.getFloat64(0)
}

/** The round number that a bound leaves out: 0 for a minimum of 5e-324. Undefined for any other bound. */
export function leftOutBy(bound: number, direction: 1 | -1): number | undefined {
  const before = nextNumber(bound, direction === 1 ? -1 : 1)
  return String(Math.abs(before)).length + 3 < String(Math.abs(bound)).length ? before + 0 : undefined
}
