import type { Result } from './results.ts';

/** What a result of tokenline is held to. Only counts: times depend on the machine. */
const budgets: readonly {
  readonly what: string;
  readonly most: number;
  readonly value: (result: Result) => number | undefined;
}[] = [
  { what: 'token requests of 1,000 cold requests', most: 1, value: ({ herds }) => herds?.cold.tokenRequests },
  { what: 'token requests of 1,000 requests at expiry', most: 1, value: ({ herds }) => herds?.expired.tokenRequests },
  { what: 'token requests of 500 × 401 at once', most: 1, value: ({ herds }) => herds?.refused.tokenRequests },
  {
    what: 'token requests of 500 × 401 over 500 ms',
    most: 1,
    value: ({ herds }) => herds?.refusedSlowly.tokenRequests,
  },
  {
    what: 'requests lost in the herds',
    most: 0,
    value: ({ herds }) => herds && Object.values(herds).reduce((total, { lost }) => total + lost, 0),
  },
  { what: 'token requests in an outage of 5 s', most: 6, value: ({ outage }) => outage?.tokenRequests },
  {
    what: 'milliseconds to recover from it',
    most: 2_000,
    value: ({ outage }) => outage && (outage.recovery ?? Number.POSITIVE_INFINITY),
  },
  { what: 'token requests with expires_in 4', most: 4, value: ({ shortLifetime }) => shortLifetime?.tokenRequests },
  { what: 'requests lost with expires_in 4', most: 0, value: ({ shortLifetime }) => shortLifetime?.lost },
  { what: 'requests that waited with expires_in 4', most: 0, value: waited },
  { what: 'token requests for an API that refuses', most: 6, value: ({ refusingApi }) => refusingApi?.tokenRequests },
];

/** In a process that is starved every request waits: nothing follows from those. */
function waited({ shortLifetime }: Result): number | undefined {
  return shortLifetime !== undefined && shortLifetime.lag < 50 ? shortLifetime.waited : undefined;
}

/** Every budget that a result of tokenline exceeds, in words. */
export function exceeded(results: readonly Result[]): string[] {
  return results
    .filter(({ role }) => role === 'tokenline')
    .flatMap((result) =>
      budgets.flatMap(({ what, most, value }) => {
        const measured = value(result) ?? 0;
        return measured > most ? [`${result.name}: ${what}: ${Math.round(measured)}, and may be ${most}`] : [];
      }),
    );
}
