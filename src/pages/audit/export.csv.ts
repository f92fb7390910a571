import type { APIRoute } from 'astro';

import { exportOfTeam } from '../../ui/audit/export-answer.ts';

export const GET: APIRoute = (context) => exportOfTeam(context, 'csv');
