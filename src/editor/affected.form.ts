/**
 * What a form says of whom a notice concerns: a box `api` for each API, boxes `version` and `plan` with `<api>/<name>`,
 * and text fields `operations-<api>` and `keys-<api>` with commas or blanks between the ids. What is said of an API whose
 * box is empty is left out.
 */
export function readAffected(form: FormData): object[] {
  const texts = (name: string): string[] => form.getAll(name).filter((value) => typeof value === 'string');
  const namedOf = (name: string, api: string): string[] =>
    texts(name).flatMap((value) => (value.startsWith(`${api}/`) ? [value.slice(api.length + 1)] : []));
  const listed = (name: string): string[] =>
    texts(name)
      .flatMap((value) => value.split(/[\s,]+/))
      .filter((entry) => entry !== '');
  return [...new Set(texts('api'))].map((api) => {
    const [plans, keys] = [namedOf('plan', api), listed(`keys-${api}`)];
    return {
      ...{ api, versions: namedOf('version', api), operations: listed(`operations-${api}`) },
      ...(plans.length > 0 && { plans }),
      ...(keys.length > 0 && { keys }),
    };
  });
}
