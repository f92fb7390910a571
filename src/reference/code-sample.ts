/** One call, written in one language. */
export interface CodeSample {
  /** Such as `python`: the reader's choice is remembered by it. */
  language: Language;
  title: string;
  code: string;
}

export const languages = ['curl', 'javascript', 'python', 'go', 'java', 'csharp', 'php', 'ruby'] as const;
export type Language = (typeof languages)[number];

/** Remembers the reader's choice. */
export const LANGUAGE_COOKIE = 'sample_language';

export function parseLanguage(text: unknown): Language {
  return languages.find((language) => language === text) ?? 'curl';
}

/** Remembers which application's key the samples and the console speak of. */
export const APPLICATION_COOKIE = 'docs_application';
