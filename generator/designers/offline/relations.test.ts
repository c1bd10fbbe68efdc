import { describe, expect, it } from 'vitest'
import { designOffline } from './design-offline.ts'
import { outline } from './testing/outline.ts'

/** What a record is about, as sentences name it. */

const relations = (prompt: string, name: string): string[] =>
  (designOffline({ prompt }).blueprint.entities.find((one) => one.name === name)?.belongsTo ?? [])
    .map((one) => `${one.name}${one.required ? '!' : ''}`)
    .toSorted()

describe('a record refers to what its sentence names', () => {
  it.each([
    [
      'A school. Students have a name. Teachers give grades to students. A grade has a value and a date.',
      'Grade',
      ['student!', 'teacher!'],
    ],
    ['Teachers can record a grade for each pupil and class.', 'Grade', ['class!', 'pupil!', 'teacher!']],
    [
      'School API: pupils (name, birthday), classes (name, year), teachers (name, email). Teachers enter grades for pupils in a class. A grade has a value from 1 to 6.',
      'Grade',
      ['class!', 'pupil!', 'teacher!'],
    ],
    ['A grade is given to a pupil by a teacher in a class.', 'Grade', ['class!', 'pupil!', 'teacher!']],
    [
      '- students and classes have a name\n- A grade is for a student in a class and has points.',
      'Grade',
      ['class', 'student!'],
    ],
    [
      'Nurses record temperatures for patients. A temperature has a value. Patients have a name.',
      'Temperature',
      ['nurse!', 'patient!'],
    ],
    [
      'Trainers log workouts for each client and exercise. Exercises have a name. Workouts have a date.',
      'Workout',
      ['client!', 'exercise!', 'trainer!'],
    ],
    [
      'Fines are issued to borrowers for a book. A fine has an amount. Books have a title.',
      'Fine',
      ['book!', 'borrower!'],
    ],
    ['Teachers assign pieces to students. A piece has a title. Students have a name.', 'Piece', ['student']],
    ['Users can add tasks to a project. Projects have a name. Tasks have a title.', 'Task', ['project']],
  ])('%s', (prompt, name, expected) => {
    expect(relations(prompt, name)).toEqual(expected)
    expect(designOffline({ prompt }).notUnderstood).toEqual([])
  })

  it('and keeps values as fields', () => {
    expect(
      outline(designOffline({ prompt: 'Teachers give marks to pupils in a subject. A mark has a value.' })),
    ).toContain('Mark /marks: subject!, value, teacher! → Teacher restrict, pupil! → Pupil cascade')
  })

  it('needs no table that the prompt does not speak of', () => {
    const { blueprint } = designOffline({
      prompt: 'School API: pupils (name), classes (name). Teachers enter grades for pupils in a class.',
    })
    expect(blueprint.entities.map(({ name }) => name)).not.toContain('Course')
  })

  it('says that rows which do not sign in cannot see their own', () => {
    expect(
      designOffline({
        prompt: 'Teachers can record a grade for each pupil and class. Pupils see only their own grades.',
      }).notUnderstood,
    ).toEqual([
      'showing pupils their own grades: pupils do not sign in, and a row belongs to the account that makes it',
    ])
  })
})
