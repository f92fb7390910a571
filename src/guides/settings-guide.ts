import { type Setting, settings } from '../settings/settings.ts';

/** The Markdown table of all settings, made from the table that `readConfig` reads. */
export function settingsTable(): string {
  const rows = Object.entries<Setting>(settings).map(([name, setting]) => {
    const names = setting.secret ? `\`${name}\` or \`${name}_FILE\`` : `\`${name}\``;
    return `| ${names} | ${defaultOf(setting)} | ${literal(setting.meaning)} |`;
  });
  return ['| Setting | Default | Meaning |', '| --- | --- | --- |', ...rows].join('\n');
}

function defaultOf({ defaultText, secret, requiredInProduction }: Setting): string {
  if (secret === true) return 'random in demo mode; required in production';
  if (requiredInProduction) return 'the address it listens on; required in production';
  if (defaultText === null) return 'none';
  return defaultText === '' ? 'empty' : `\`${defaultText}\``;
}

/** Markdown that reads as the text itself: every punctuation mark is escaped. */
function literal(text: string): string {
  return text.replace(/[!-/:-@[-`{-~]/g, '\\$&');
}
