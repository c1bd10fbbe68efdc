import type { Mistake } from '../plausible-project.ts'

export const teamHandlers = {
  inviteMember: `import { ApiError } from '../errors.ts';
import type { OperationContext } from '../operation-context.ts';
import type { InviteMemberInput, InviteMemberResult } from '../schemas/operations/invite-member.ts';

export function inviteMember({ params, body, account }: InviteMemberInput, { repositories, transaction, now, newId }: OperationContext): InviteMemberResult {
  return transaction(() => {
    const team = repositories.teams.find(params.id);
    if (!team) throw new ApiError(404, 'not_found', 'There is no such team.');
    if (team.leadId !== account.id) throw new ApiError(403, 'not_lead', 'Only the lead of the team may invite.');
    const email = body.email.toLowerCase();
    const open = repositories.invitations.findBy({ teamId: team.id, email, acceptedAt: null });
    if (open) throw new ApiError(409, 'already_invited', 'There is an invitation for this email.');
    const member = repositories.members.findBy({ email });
    if (member && repositories.memberships.findBy({ teamId: team.id, memberId: member.id }))
      throw new ApiError(409, 'already_member', 'This email is that of a member of the team.');
    const expiresAt = new Date(now().getTime() + body.days * 86_400_000).toISOString();
    const { id } = repositories.invitations.insert({ teamId: team.id, email, code: newId(), expiresAt, acceptedAt: null });
    return { id, email, expiresAt };
  });
}
`,
  acceptInvitation: `import { ApiError } from '../errors.ts';
import type { OperationContext } from '../operation-context.ts';
import type { AcceptInvitationInput, AcceptInvitationResult } from '../schemas/operations/accept-invitation.ts';

export function acceptInvitation({ params, account }: AcceptInvitationInput, { repositories, transaction, now }: OperationContext): AcceptInvitationResult {
  return transaction(() => {
    const invitation = repositories.invitations.findBy({ code: params.code });
    if (!invitation) throw new ApiError(404, 'not_found', 'There is no such invitation.');
    if (invitation.email !== account.email) throw new ApiError(403, 'other_email', 'The invitation is for another email.');
    if (invitation.acceptedAt !== null) throw new ApiError(409, 'already_accepted', 'The invitation is accepted already.');
    if (Date.parse(invitation.expiresAt) <= now().getTime()) throw new ApiError(410, 'expired', 'The invitation has expired.');
    repositories.invitations.update(invitation.id, { acceptedAt: now().toISOString() });
    return repositories.memberships.insert({ teamId: invitation.teamId, memberId: account.id });
  });
}
`,
  renameTeam: `import { ApiError } from '../errors.ts';
import type { OperationContext } from '../operation-context.ts';
import type { RenameTeamInput, RenameTeamResult } from '../schemas/operations/rename-team.ts';

export function renameTeam({ params, body, account }: RenameTeamInput, { repositories, transaction }: OperationContext): RenameTeamResult {
  const name = body.name.trim();
  return transaction(() => {
    const team = repositories.teams.find(params.id);
    if (!team) throw new ApiError(404, 'not_found', 'There is no such team.');
    if (team.leadId !== account.id) throw new ApiError(403, 'not_lead', 'Only the lead of the team may rename it.');
    let offset = 0;
    let found = 1;
    while (offset < found) {
      const { data, pagination } = repositories.teams.page({ limit: 1000, offset, sort: 'createdAt', order: 'asc' });
      if (data.some((one) => one.id !== team.id && one.name.toLowerCase() === name.toLowerCase()))
        throw new ApiError(409, 'name_taken', 'Another team has this name.');
      found = pagination.total;
      offset += 1000;
    }
    return repositories.teams.update(team.id, { name }) ?? team;
  });
}
`,
  changePassword: `import { ApiError } from '../errors.ts';
import type { OperationContext } from '../operation-context.ts';
import type { ChangePasswordInput, ChangePasswordResult } from '../schemas/operations/change-password.ts';

export async function changePassword({ body, account }: ChangePasswordInput, { credentials }: OperationContext): Promise<ChangePasswordResult> {
  if (!(await credentials.verifyPassword(body.password, account))) throw new ApiError(403, 'wrong_password', 'The current password is wrong.');
  credentials.setPasswordHash(account.id, await credentials.hashPassword(body.newPassword));
}
`,
}

export const teamMistakes: readonly Mistake[] = [
  {
    name: 'texts are compared by case',
    in: 'renameTeam',
    instead: [['one.name.toLowerCase() === name.toLowerCase()', 'one.name === name']],
    by: 'tests',
  },
  {
    name: 'the input is not normalised',
    in: 'renameTeam',
    instead: [['body.name.trim()', 'body.name']],
    by: 'tests',
  },
  {
    name: 'a row is a duplicate of itself',
    in: 'renameTeam',
    instead: [['one.id !== team.id && ', '']],
    by: 'tests',
  },
  {
    name: 'a duplicate is let in',
    in: 'inviteMember',
    instead: [
      [
        `    const open = repositories.invitations.findBy({ teamId: team.id, email, acceptedAt: null });
    if (open) throw new ApiError(409, 'already_invited', 'There is an invitation for this email.');\n`,
        '',
      ],
    ],
    by: 'tests',
  },
  {
    name: 'null is looked for as an empty text',
    in: 'inviteMember',
    instead: [['email, acceptedAt: null });\n    if (open)', `email, acceptedAt: '' });\n    if (open)`]],
    by: 'tests',
  },
  {
    name: 'the parent is left out of a condition',
    in: 'inviteMember',
    instead: [
      ['findBy({ teamId: team.id, email, acceptedAt: null })', 'findBy({ email, acceptedAt: null })'],
    ],
    by: 'tests',
  },
  {
    name: 'what is done already still counts',
    in: 'inviteMember',
    instead: [['findBy({ teamId: team.id, email, acceptedAt: null })', 'findBy({ teamId: team.id, email })']],
    by: 'further examples',
  },
  {
    name: 'the answer has another form',
    in: 'inviteMember',
    instead: [['return { id, email, expiresAt };', 'return { invitation: { id, email, expiresAt } };']],
    by: 'types',
  },
  {
    name: 'days are taken for hours',
    in: 'inviteMember',
    instead: [['body.days * 86_400_000', 'body.days * 3_600_000']],
    by: 'further examples',
  },
  {
    name: 'the member of another role may do it',
    in: 'inviteMember',
    instead: [
      [
        'if (team.leadId !== account.id) throw',
        'if (team.leadId !== account.id && !repositories.memberships.findBy({ teamId: team.id, memberId: account.id })) throw',
      ],
    ],
    by: 'tests',
  },
  {
    name: 'an expiry is compared the wrong way',
    in: 'acceptInvitation',
    instead: [
      [
        'Date.parse(invitation.expiresAt) <= now().getTime()',
        'Date.parse(invitation.expiresAt) >= now().getTime()',
      ],
    ],
    by: 'tests',
  },
  {
    name: 'what is used up can be used again',
    in: 'acceptInvitation',
    instead: [
      ['    repositories.invitations.update(invitation.id, { acceptedAt: now().toISOString() });\n', ''],
    ],
    by: 'tests',
  },
  {
    name: 'the wrong row becomes the parent',
    in: 'acceptInvitation',
    instead: [['teamId: invitation.teamId', 'teamId: invitation.id']],
    by: 'tests',
  },
  {
    name: 'a promise is not awaited',
    in: 'changePassword',
    instead: [
      [
        '!(await credentials.verifyPassword(body.password, account))',
        '!credentials.verifyPassword(body.password, account)',
      ],
    ],
    by: 'tests',
  },
  {
    name: 'nothing is written',
    in: 'changePassword',
    instead: [
      [
        'credentials.setPasswordHash(account.id, await credentials.hashPassword(body.newPassword))',
        'await credentials.hashPassword(body.newPassword)',
      ],
    ],
    by: 'tests',
  },
]
