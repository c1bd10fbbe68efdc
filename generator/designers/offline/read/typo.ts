const OFTEN_MISTYPED = [
  'managing',
  'manage',
  'creating',
  'create',
  'tracking',
  'building',
  'application',
  'backend',
  'database',
]

/** One letter too few, too many, wrong or swapped: `manging`, `mangae`. */
export function isTypo(word: string): boolean {
  return (
    word.length >= 5 &&
    OFTEN_MISTYPED.some(
      (right) => right !== word && Math.abs(right.length - word.length) <= 1 && isNear(word, right),
    )
  )
}

function isNear(a: string, b: string): boolean {
  let start = 0
  while (start < a.length && a[start] === b[start]) start++
  let end = 0
  while (end < Math.min(a.length, b.length) - start && a.at(-1 - end) === b.at(-1 - end)) end++
  const [left, right] = [a.slice(start, a.length - end), b.slice(start, b.length - end)]
  return (
    (left.length <= 1 && right.length <= 1) ||
    (left.length === 2 && left[0] === right[1] && left[1] === right[0])
  )
}
