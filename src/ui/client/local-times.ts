/** The server writes UTC. In the browser, exact times follow the reader's own zone. */
const times = document.querySelectorAll<HTMLTimeElement>('time[data-form]');
// Browsers take up to 20 ms to prepare a format, which a page without times need not wait for.
if (times.length > 0) {
  const exact = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' });
  const zone = new Intl.DateTimeFormat('en-GB', { timeZoneName: 'short' });
  for (const element of times) {
    const at = new Date(element.dateTime);
    const zoneName = zone.formatToParts(at).find((part) => part.type === 'timeZoneName')?.value ?? '';
    const text = `${exact.format(at)} ${zoneName}`;
    element.title = text;
    if (element.dataset.form === 'exact') element.textContent = text;
  }
}
