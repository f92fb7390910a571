import type { APIRoute } from 'astro';

import { exportOfAll } from '../../../ui/audit/export-answer.ts';

export const GET: APIRoute = (context) => exportOfAll(context, 'csv');
