import { z } from 'zod';

import type { Parsed } from '../platform/parsed.ts';
import { parseStrictForm } from '../platform/strict-form.ts';
import { TEAM_ID_MAX_LENGTH } from '../teams/role.ts';
import { APPLICATION_DESCRIPTION_MAX_LENGTH, APPLICATION_NAME_MAX_LENGTH } from './application.ts';
import { nameField, textField } from './text.form.ts';

export interface CreateApplicationRequest {
  name: string;
  /** May be empty. */
  description: string;
  /** In which team; absent when the actor has one to choose. */
  teamId?: string | undefined;
}

const schema = z
  .strictObject({
    name: nameField(APPLICATION_NAME_MAX_LENGTH),
    description: textField(APPLICATION_DESCRIPTION_MAX_LENGTH),
    team: z.string().max(TEAM_ID_MAX_LENGTH, 'Choose one of your teams.').optional(),
  })
  .transform(({ team, ...rest }) => ({ ...rest, ...(team !== undefined && { teamId: team }) }));

/** Fields: `name`, `description` (optional), `team` (for who has several). */
export function parseCreateApplicationForm(form: FormData): Parsed<CreateApplicationRequest> {
  return parseStrictForm(form, schema);
}
