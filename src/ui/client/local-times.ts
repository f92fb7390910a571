/** The server writes UTC. In the browser, exact times follow the reader's own zone. */
const exact = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' });
const zone = new Intl.DateTimeFormat('en-GB', { timeZoneName: 'short' });

for (const element of document.querySelectorAll<HTMLTimeElement>('time[data-form]')) {
  const at = new Date(element.dateTime);
  const zoneName = zone.formatToParts(at).find((part) => part.type === 'timeZoneName')?.value ?? '';
  const text = `${exact.format(at)} ${zoneName}`;
  element.title = text;
  if (element.dataset.form === 'exact') element.textContent = text;
}
