/** The posted form; null when the body is not one. An empty form instead could mean "clear the list" to a parser. */
export async function readForm(request: Request): Promise<FormData | null> {
  try {
    return await request.formData();
  } catch {
    return null;
  }
}

/** Answer to a body that is not a form: only programs send one. */
export function unreadableForm(): Response {
  return new Response('This address takes a form (application/x-www-form-urlencoded or multipart/form-data).\n', {
    status: 400,
    headers: { 'Content-Type': 'text/plain; charset=utf-8' },
  });
}
