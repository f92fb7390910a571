/** How the calls of the last seven days compare to those of the seven before: "down 25 %". */
export function trendText(thisWeek: number, weekBefore: number): string {
  if (thisWeek === 0) return weekBefore === 0 ? 'none' : 'stopped';
  if (weekBefore === 0) return 'new';
  const percent = Math.round((100 * (thisWeek - weekBefore)) / weekBefore);
  if (percent === 0) return 'steady';
  return `${percent < 0 ? 'down' : 'up'} ${Math.abs(percent)} %`;
}
