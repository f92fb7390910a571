export type Theme = 'system' | 'light' | 'dark';

export const themes: readonly Theme[] = ['system', 'light', 'dark'];
export const THEME_COOKIE = 'theme';

/** The reader's choice; the server renders it, so that no page flashes in the other colours first. */
export function readTheme(cookies: { get(name: string): { value: string } | undefined }): Theme {
  return parseTheme(cookies.get(THEME_COOKIE)?.value);
}

export function parseTheme(text: unknown): Theme {
  return themes.find((theme) => theme === text) ?? 'system';
}
