const units = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const;

/** A duration by its two largest units: `1 hour 5 minutes`. */
export function durationInWords(milliseconds: number): string {
  let rest = Math.round(Math.abs(milliseconds) / 1_000);
  const words: string[] = [];
  const first = units.findIndex(([, seconds]) => rest >= seconds);
  if (first === -1) return '0 seconds';
  for (const [unit, seconds] of units.slice(first, first + 2)) {
    const count = Math.floor(rest / seconds);
    rest -= count * seconds;
    if (count > 0) words.push(`${count} ${unit}${count === 1 ? '' : 's'}`);
  }
  return words.join(' ');
}

/** A moment, in seconds since the epoch: `2026-11-26 05:00:00 UTC, in 59 minutes`. */
export function timeInWords(seconds: number, now: number): string {
  const date = new Date(seconds * 1_000);
  if (Number.isNaN(date.getTime())) return 'no time that a calendar has';
  const distance = durationInWords(date.getTime() - now);
  const relation = date.getTime() >= now ? `in ${distance}` : `${distance} ago`;
  return `${date.toISOString().replace('T', ' ').slice(0, -5)} UTC, ${relation}`;
}
