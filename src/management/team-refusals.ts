/** What is refused about teams, members and what owners suspend; part of the table in `refusals.ts`. */
export const teamRefusals = {
  role_forbids: {
    status: 403,
    title: 'Your role in the team does not allow this',
    explanation: 'Viewers see what a team has and change nothing; members and roles are for admins.',
    remedy: 'Ask an admin of the team for another role, or let somebody call who has it.',
  },
  too_many_teams: {
    status: 409,
    title: 'The account is in as many teams as it can be',
    explanation: 'The number of teams of an account is limited.',
    remedy: 'Leave one that is not needed any more.',
  },
  team_not_empty: {
    status: 409,
    title: 'The team is not empty',
    explanation: 'Only a team without applications, and with no member but you, can be deleted.',
    remedy: 'Move its applications and remove the others first; "applications" and "members" say how many there are.',
  },
  last_admin: {
    status: 409,
    title: 'This is the last admin of the team',
    explanation: 'A team always has an admin.',
    remedy: 'Make somebody else admin first.',
  },
  last_owner: {
    status: 409,
    title: 'This is the last owner who can act',
    explanation: 'Nobody would be left to undo it.',
    remedy: 'Invite another owner first.',
  },
  suspension_conflict: {
    status: 409,
    title: 'It is in this state already',
    explanation: 'It is suspended already, or it is not suspended.',
    remedy: 'Read it to see its state.',
  },
  invitation_conflict: {
    status: 409,
    title: 'This address is in the team or invited already',
    explanation: 'An address is invited to a team once at a time, and members are not invited.',
    remedy: 'Withdraw the invitation first to send another one.',
  },
  too_many_invitations: {
    status: 409,
    title: 'Too many invitations wait for an answer',
    explanation: 'The number of open invitations of a team is limited.',
    remedy: 'Withdraw one that is not needed any more.',
  },
  already_requested: {
    status: 409,
    title: 'A plan of this API is asked for already',
    explanation: 'An owner has not decided about the request of the application yet.',
    remedy: 'Wait for the mail, or withdraw the request in the portal to ask for another plan.',
  },
  unknown_team: {
    status: 422,
    title: 'There is no such team for this',
    explanation: 'An application moves to another team in which you are manager or admin.',
    remedy: 'GET /teams lists yours, with your role in each.',
  },
  too_many_mails: {
    status: 429,
    title: 'Too many invitations were mailed',
    explanation: 'An account can have twenty invitations mailed at once, and an address gets three.',
    remedy: 'Wait as long as Retry-After says.',
  },
} as const;
