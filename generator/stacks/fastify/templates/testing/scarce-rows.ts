import { belongsTo, blueprint, entity, field } from '../../../../codegen/testing/blueprints.ts'

const few = (...values: string[]) => field('name', { kind: 'enum', values }, { required: true, unique: true })
const unique = { unique: true } as const
const privately = { read: 'owner', write: 'owner' } as const

/** Every way in which rows can be short that the generated tests have to get by with. */
export const scarce = blueprint(
  'scarce',
  [
    entity('User', {
      fields: [field('email', 'email', { required: true, unique: true })],
      // A registration needs a team and a country, so both lists have a row from the start.
      belongsTo: [belongsTo('team', 'Team', { onDelete: 'restrict' }), belongsTo('country', 'Country')],
      operations: ['list', 'read', 'update', 'delete'],
      access: privately,
    }),
    entity('Team', {
      fields: [
        field('name', 'string', { required: true }),
        field('size', 'integer', { required: true, unique: true }),
      ],
    }),
    entity('Country', { plural: 'Countries', fields: [few('Kenya', 'Japan', 'Peru')] }),
    entity('Weekday', { fields: [few('Sat', 'Sun', 'Mon')] }),
    entity('Shift', {
      belongsTo: [
        belongsTo('day', 'Weekday', unique),
        belongsTo('from', 'Weekday'),
        belongsTo('until', 'Weekday'),
      ],
    }),
    entity('Rota', { plural: 'Rotas', belongsTo: [belongsTo('early', 'Shift'), belongsTo('late', 'Shift')] }),
    entity('Profile', { belongsTo: [belongsTo('owner', 'User', unique)], owner: 'owner', access: privately }),
    entity('Photo', {
      belongsTo: [belongsTo('profile', 'Profile'), belongsTo('owner', 'User')],
      owner: 'owner',
      access: privately,
    }),
    entity('Cover', {
      belongsTo: [belongsTo('profile', 'Profile', unique), belongsTo('owner', 'User')],
      owner: 'owner',
      access: { read: 'owner', write: 'authenticated' },
    }),
    // What happens to it when its account goes is up to three relations.
    entity('Page', {
      belongsTo: [
        belongsTo('assignee', 'User', { onDelete: 'restrict' }),
        belongsTo('default', 'User', unique),
        belongsTo('owner', 'User'),
      ],
      owner: 'owner',
      access: { read: 'owner', write: 'authenticated' },
    }),
    entity('Column', { belongsTo: [belongsTo('group', 'User', { ...unique, required: false })] }),
    {
      ...entity('Seat', {
        fields: ['room', 'number', 'position'].map((name) => field(name, 'integer', { required: true })),
      }),
      // Both share the room: a row that is alike in one must differ in the other.
      indexes: [
        { properties: ['room', 'number'], unique: true },
        { properties: ['position', 'room'], unique: true },
      ],
    },
    entity('Sensor', {
      fields: [
        field('least', { kind: 'number', min: 0, max: 2e-323 }, { required: true, unique: true }),
        field('code', { kind: 'string', maxLength: 6 }, { required: true, unique: true, example: 'a🚀🚀' }),
        field('most', { kind: 'number', min: 1e20 }, { required: true, unique: true }),
        field('any', { kind: 'number', min: -Number.MAX_VALUE }, { required: true, unique: true }),
      ],
    }),
  ],
  {
    auth: { kind: 'jwt', account: 'User' },
    manyToMany: [
      { left: 'Photo', right: 'Profile' },
      { left: 'Shift', right: 'Weekday' },
    ],
  },
)
