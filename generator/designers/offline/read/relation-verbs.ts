/** Verbs of a to-one relation, and the relation's name if the target alone is unclear. */
export const BELONGS: readonly (readonly [pattern: string, role?: string, optional?: boolean])[] = [
  ['belong|belongs|belonging to?'],
  ['is|are|be|gets|get assigned to', 'assignee', true],
  ['assigned to', 'assignee', true],
  ['report|reports to', 'manager', true],
  ['is|are|be? owned by', 'owner'],
  ['is|are|be? written|authored|posted|published by', 'author'],
  ['is|are|be? created|made|added|submitted by', 'creator'],
  ['is|are|be? managed|led|supervised by', 'manager'],
  [
    'is|are|be? placed|bought|purchased|booked|ordered|rented|hosted|taught|organized|organised|sold|given|offered by',
  ],
  ['is|are|be? linked|related|associated|tied|connected|attached|mapped|added to|with'],
  ['is|are part of'],
  ['reference|references|referencing to?'],
  ['point|points to'],
  ['is|are for|about'],
  ['is|are|go|goes|live|lives|falls? in|into|inside|under'],
]

export const MANY_TO_MANY_VERBS = [
  'enroll|enrol|enrolls|enrols in|into',
  'register|registers for',
  'sign|signs up for',
  'join|joins',
  'attend|attends',
  'participate|participates in',
  'subscribe|subscribes to',
  'be|is|are enrolled in',
  'can|may be|belong in|to many|multiple|several',
  'belong|belongs to many|multiple|several',
  'favorite|favourite|favorites|favourites|bookmark',
  'like|likes',
  'apply|applies to|for',
  'be|is|are tagged|labeled|labelled|associated|shared|linked|related with|to many|multiple|several?',
]

export const REPLY = ['reply|replies to other|another', 'be? nested', 'be replied to', 'have|has replies']

/** Verbs that do not always mean a relation. */
export const isWeak = (pattern: string) =>
  pattern.startsWith('is|are|go') || pattern === 'is|are for|about' || pattern.startsWith('point')
