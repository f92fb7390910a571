import { CSV_MEDIA_TYPE } from '../../platform/csv.ts';

/** A CSV file to keep. @param name without its ending; letters, digits and hyphens */
export function csvAnswer(text: string, name: string): Response {
  return new Response(text, {
    headers: {
      'Content-Type': CSV_MEDIA_TYPE,
      'Content-Disposition': `attachment; filename="${name}.csv"`,
      'Cache-Control': 'private, no-store',
    },
  });
}
