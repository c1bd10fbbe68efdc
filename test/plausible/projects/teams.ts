// Longer than most files: a design with its examples.
import { Blueprint } from '#contract'
import { belongsTo, blueprint, entity, field } from '../../../generator/codegen/testing/blueprints.ts'
import {
  changed,
  created,
  example,
  json,
  NOT_FOUND,
  object,
  operation,
  optional,
  plain,
  propertiesOf,
  refusal,
  row,
  text,
} from '../design.ts'
import type { PlausibleProject } from '../plausible-project.ts'
import { teamHandlers, teamMistakes } from './teams-code.ts'

/** Invitations to a team: duplicates, names in any case, what has expired, who may, passwords. */

const design = blueprint(
  'crew',
  [
    entity('Member', {
      fields: [
        field('email', 'email', { required: true, unique: true }),
        field('name', 'string', { required: true }),
      ],
      operations: ['read', 'update'],
      access: { read: 'owner', write: 'owner' },
    }),
    entity('Team', {
      fields: [field('name', 'string', { required: true })],
      belongsTo: [belongsTo('lead', 'Member')],
      operations: ['list', 'read'],
      access: { read: 'authenticated', write: 'authenticated' },
    }),
    entity('Membership', {
      fields: [],
      belongsTo: [belongsTo('team', 'Team'), belongsTo('member', 'Member')],
      operations: ['list'],
      access: { read: 'authenticated', write: 'authenticated' },
    }),
    entity('Invitation', {
      fields: [
        field('email', 'email', { required: true }),
        field('code', 'string', { required: true, unique: true }),
        field('expiresAt', 'datetime', { required: true }),
        field('acceptedAt', 'datetime'),
      ],
      belongsTo: [belongsTo('team', 'Team')],
      operations: [],
    }),
  ],
  { auth: { kind: 'jwt', account: 'Member' } },
)

const ann = ['Member', { email: 'ann@example.com', name: 'Ann' }] as const
const team = (lead = 'me', name = 'Red') => ['Team', { name, leadId: `$${lead}.id` }] as const
const invitation = (values: Record<string, string>) =>
  ['Invitation', { code: 'abc', expiresAt: '2100-01-01T00:00:00Z', teamId: '$team.id', ...values }] as const
const mine = { email: '$me.email' }
const invite = (email: string) => ({ params: { id: '$team.id' }, body: { email } })
const accept = { params: { code: 'abc' } }
const notLead = refusal(403, 'not_lead', 'Only the lead of the team may do that.')

const inviteMember = operation({
  id: 'inviteMember',
  entity: 'Team',
  method: 'POST',
  path: '/teams/:id/invitations',
  summary: 'Invite a person to a team',
  rules: [
    'Only the lead of the team may invite.',
    'An email that has an invitation to this team that is not accepted is refused, and so is that of a person who is in the team.',
    'The invitation has a new code and expires after days, counted from now.',
    'The code is not answered.',
  ],
  body: {
    kind: 'object',
    nullable: false,
    properties: [
      ...propertiesOf({ email: plain('email') }),
      optional('days', plain('integer', { min: 1, max: 30 }), 7),
    ],
  },
  success: json(object({ id: plain('uuid'), email: plain('email'), expiresAt: plain('datetime') }), 201),
  errors: [
    NOT_FOUND,
    notLead,
    refusal(409, 'already_invited', 'There is an invitation for this email.'),
    refusal(409, 'already_member', 'This email is that of a member of the team.'),
  ],
  examples: [
    example(
      'invites to a team',
      {
        team: team(),
        other: team('me', 'Blue'),
        elsewhere: invitation({ email: 'ann@example.com', teamId: '$other.id' }),
      },
      invite('ann@example.com'),
      { status: 201, body: { email: 'ann@example.com', expiresAt: '$any' } },
      [
        created('Invitation', {
          email: 'ann@example.com',
          teamId: '$team.id',
          code: '$any',
          acceptedAt: null,
        }),
      ],
    ),
    example(
      'refuses a second invitation, in any case',
      { team: team(), first: invitation({ email: 'ann@example.com' }) },
      invite('Ann@Example.com'),
      { status: 409, code: 'already_invited' },
      [],
    ),
    example(
      'refuses who is in the team',
      { ann, team: team(), membership: ['Membership', { teamId: '$team.id', memberId: '$ann.id' }] },
      invite('ann@example.com'),
      { status: 409, code: 'already_member' },
      [],
    ),
    example(
      'is for the lead alone',
      { ann, team: team('ann'), membership: ['Membership', { teamId: '$team.id', memberId: '$me.id' }] },
      invite('bob@example.com'),
      { status: 403, code: 'not_lead' },
      [],
    ),
  ],
})

const acceptInvitation = operation({
  id: 'acceptInvitation',
  entity: 'Team',
  method: 'POST',
  path: '/invitations/:code/accept',
  summary: 'Accept an invitation',
  rules: [
    'Only the account whose email is invited may accept.',
    'What has expired or is accepted already is refused.',
    'Creates the membership, and the invitation is accepted now.',
  ],
  success: json(row('Membership'), 201),
  errors: [
    NOT_FOUND,
    refusal(403, 'other_email', 'The invitation is for another email.'),
    refusal(409, 'already_accepted', 'The invitation is accepted already.'),
    refusal(410, 'expired', 'The invitation has expired.'),
  ],
  examples: [
    example(
      'makes a member',
      { ann, team: team('ann'), invitation: invitation(mine) },
      accept,
      { status: 201, body: { teamId: '$team.id', memberId: '$me.id' } },
      [
        created('Membership', { teamId: '$team.id', memberId: '$me.id' }),
        changed('invitation', { acceptedAt: '$now', expiresAt: '2100-01-01T00:00:00Z' }),
      ],
    ),
    example(
      'refuses the invitation of another account',
      { ann, team: team('ann'), invitation: invitation({ email: 'ann@example.com' }) },
      accept,
      { status: 403, code: 'other_email' },
      [],
    ),
    example(
      'refuses one that has expired',
      { team: team(), invitation: invitation({ ...mine, expiresAt: '2020-01-01T00:00:00Z' }) },
      accept,
      { status: 410, code: 'expired' },
      [],
    ),
    example(
      'refuses one that is accepted',
      { team: team(), invitation: invitation({ ...mine, acceptedAt: '2020-01-01T00:00:00Z' }) },
      accept,
      { status: 409, code: 'already_accepted' },
      [],
    ),
    example('knows no such code', {}, accept, { status: 404, code: 'not_found' }, []),
  ],
})

const renameTeam = operation({
  id: 'renameTeam',
  entity: 'Team',
  method: 'PUT',
  path: '/teams/:id/name',
  summary: 'Rename a team',
  rules: [
    'Only the lead of the team may rename it.',
    'Spaces around the name are taken off. A name that another team has, in any case of letters, is refused.',
  ],
  body: object({ name: text }),
  success: json(row('Team')),
  errors: [NOT_FOUND, notLead, refusal(409, 'name_taken', 'Another team has this name.')],
  examples: [
    example(
      'takes spaces off',
      { team: team(), other: team('me', 'Blue') },
      { params: { id: '$team.id' }, body: { name: '  Green ' } },
      { status: 200, body: { name: 'Green' } },
      [changed('team', { name: 'Green' })],
    ),
    example(
      'refuses the name of another team',
      { team: team(), other: team('me', 'Blue') },
      { params: { id: '$team.id' }, body: { name: 'BLUE' } },
      { status: 409, code: 'name_taken' },
      [],
    ),
    example(
      'is for the lead alone',
      { ann, team: team('ann') },
      { params: { id: '$team.id' }, body: { name: 'Green' } },
      { status: 403, code: 'not_lead' },
      [],
    ),
  ],
})

const changePassword = operation({
  id: 'changePassword',
  entity: 'Member',
  method: 'PUT',
  path: '/password',
  summary: 'Change the password',
  rules: ['The current password must be right; the new one takes its place.'],
  body: object({ password: text, newPassword: text }),
  success: { kind: 'none', status: 204 },
  errors: [refusal(403, 'wrong_password', 'The current password is wrong.')],
  examples: [
    example(
      'changes it',
      {},
      { body: { password: 'correct horse battery staple', newPassword: 'a longer secret' } },
      { status: 204 },
    ),
    example(
      'refuses a wrong one',
      {},
      { body: { password: 'wrong', newPassword: 'a longer secret' } },
      { status: 403, code: 'wrong_password' },
      [],
    ),
  ],
})

export const teams: PlausibleProject = {
  blueprint: Blueprint.parse({
    ...design,
    operations: [inviteMember, acceptInvitation, renameTeam, changePassword],
  }),
  handlers: teamHandlers,
  mistakes: teamMistakes,
  further: {
    inviteMember: [
      example(
        'invites again who has accepted and is gone',
        {
          team: team(),
          first: invitation({ email: 'ann@example.com', acceptedAt: '2020-01-01T00:00:00Z' }),
        },
        invite('ann@example.com'),
        { status: 201 },
      ),
      example(
        'expires after the days that are sent',
        { team: team() },
        { params: { id: '$team.id' }, body: { email: 'ann@example.com', days: 3 } },
        { status: 201, body: { expiresAt: '$now+3d' } },
        [created('Invitation', { expiresAt: '$now+3d' })],
      ),
      example(
        'invites who is in another team, into one with other people',
        {
          ann,
          bob: ['Member', { email: 'bob@example.com', name: 'Bob' }],
          team: team(),
          other: team('me', 'Blue'),
          elsewhere: ['Membership', { teamId: '$other.id', memberId: '$ann.id' }],
          membership: ['Membership', { teamId: '$team.id', memberId: '$bob.id' }],
          first: invitation({ email: 'cid@example.com' }),
        },
        invite('ann@example.com'),
        { status: 201 },
        [created('Invitation', { email: 'ann@example.com' })],
      ),
    ],
    acceptInvitation: [],
    renameTeam: [
      example(
        'keeps its own name in another case',
        { team: team() },
        { params: { id: '$team.id' }, body: { name: 'RED' } },
        { status: 200, body: { name: 'RED' } },
      ),
    ],
    changePassword: [],
  },
}
