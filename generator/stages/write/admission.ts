/** Sentences that say that code does not do what it should. What a rule forbids ("cannot be changed") says no such thing. */
const ADMISSIONS: readonly RegExp[] = [
  /\b(?:can(?:not|['’]t| not)|could(?: not|n['’]t)|do(?:es)?(?: not|n['’]t)|will not|won['’]t|never)\s+(?:ever |yet |actually |really )?(?:work|succeed|function)(?= *(?:$|[.,;:!?]|(?:yet|without|because|since|as|unless|until|here|at all|correctly|properly|with|for now|if|while)\b))/i,
  /\b(?:not (?:yet |really |actually )?|un)(?:implemented|implementable|functional)\b/i,
  /\b(?:a|as|only|just|remains?) (?:stub|placeholder)\b/i,
  /\balways (?:answers?|returns?|responds?|throws?|refuses?|fails?|rejects?)\b.*\b(?:501|not[_ ]implemented)\b/i,
]

/** The first sentence of the notes that says that something does not work; null if none does. */
export function admissionIn(notes: string): string | null {
  const sentences = notes.split(/(?<=[.!?;])\s+|\n+/).map((sentence) => sentence.trim())
  return sentences.find((sentence) => ADMISSIONS.some((words) => words.test(sentence))) ?? null
}
